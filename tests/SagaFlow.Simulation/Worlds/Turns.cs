using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Worlds;

/// <summary>What an engine does with a message: it takes it, decides, commits and acknowledges, and may die at any point between.</summary>
internal sealed class Turns(World world)
{
    private const long LongestStall = 5 * Spans.Second;
    private const long LongestPause = 2 * Spans.Minute;

    private readonly Stack<Turn> _free = new();
    private readonly List<Turn> _inFlight = [];
    private readonly Decisions _decisions = new(world);

    public void Receive(Message message, int engine)
    {
        var workflow = message.Workflow;
        if (world.Happens(Fault.CrashReceived, workflow))
        {
            Die(engine, message);
            return;
        }

        if (world.Happens(Fault.ConnectionLost, workflow))
        {
            // Delivered again, while the first delivery is still at work.
            Redeliver(message);
        }

        Run(message, engine, conflicts: 0);
    }

    public void Commit(Turn turn)
    {
        _inFlight.Remove(turn);
        if (!turn.IsDead)
        {
            Conclude(turn);
        }

        _free.Push(turn);
    }

    /// <summary>Runs a turn that meets no fault: the recovery's own.</summary>
    public void RunCalmly(Message cause, Action<Turn> decide)
    {
        var turn = Rent();
        turn.Begin(cause, 0, world.Now);
        decide(turn);
        if (turn.HasChanges)
        {
            world.Database.Commit(turn);
            world.Alarms.Arm(turn);
        }

        _free.Push(turn);
    }

    /// <summary>An engine is dead: what it had in hand is delivered again.</summary>
    public void Kill(int engine)
    {
        foreach (var turn in _inFlight)
        {
            if (turn.Engine == engine && !turn.IsDead)
            {
                turn.IsDead = true;
                Redeliver(turn.Cause);
            }
        }
    }

    private void Run(Message message, int engine, int conflicts)
    {
        var turn = Rent();
        turn.Begin(message, engine, world.Now);
        turn.Conflicts = conflicts;
        _decisions.Decide(turn);
        if (!turn.HasChanges)
        {
            _decisions.Tell(turn, turn.Told);
            _free.Push(turn);
            return;
        }

        if (world.Has(ModelBug.PublishBeforeCommit))
        {
            turn.Outgoing.ForEach(x => world.Dispatching.Publish(x));
        }

        var wait = CommitDelay(message.Workflow);
        if (wait < 0)
        {
            Conclude(turn);
            _free.Push(turn);
            return;
        }

        _inFlight.Add(turn);
        world.Schedule(world.Now + wait, EventKind.Commit, engine, turn, message.Workflow);
    }

    // Most turns commit at once. The others leave time in which somebody else may commit first.
    private long CommitDelay(WorkflowRow workflow)
    {
        if (world.Happens(Fault.Stall, workflow))
        {
            return workflow.Rng.LogUniform(Spans.Millisecond, LongestStall);
        }

        if (world.Happens(Fault.Paused, workflow))
        {
            return workflow.Rng.LogUniform(Spans.Second, LongestPause);
        }

        return workflow.Rng.Below(8) == 0 ? workflow.Rng.Below(100_000) : -1;
    }

    private void Conclude(Turn turn)
    {
        var workflow = turn.Workflow;
        if (world.Happens(Fault.CrashInTransaction, workflow))
        {
            Die(turn.Engine, turn.Cause);
            return;
        }

        if (world.Happens(Fault.ErrorBeforeCommit, workflow))
        {
            Redeliver(turn.Cause);
            return;
        }

        var result = world.Happens(Fault.Conflict, workflow) ? CommitResult.Conflict : world.Database.Commit(turn);
        if (result == CommitResult.Conflict)
        {
            Run(turn.Cause, turn.Engine, turn.Conflicts + 1);
            return;
        }

        world.Trace?.Invoke($"{world.Now} workflow {workflow.Index}: {turn.Cause} -> {result} {Describe(turn)}");
        if (result == CommitResult.Duplicate)
        {
            _decisions.Tell(turn, Contracts.Disposition.Duplicate);
            return;
        }

        AfterCommit(turn, result);
    }

    private void AfterCommit(Turn turn, CommitResult result)
    {
        if (result == CommitResult.CommittedAndMet)
        {
            Dispatching.AddJoins(turn);
        }

        var stored = world.Engines.IsEmbedded ? null : turn.Outgoing.ConvertAll(world.Database.Store);
        world.Alarms.Arm(turn);
        if (world.Happens(Fault.CrashCommitted, turn.Workflow))
        {
            Die(turn.Engine, turn.Cause);
            return;
        }

        // Where nothing is stored, an error after the commit cannot be told from a crash.
        if (stored is not null && world.Happens(Fault.ErrorAfterCommit, turn.Workflow))
        {
            world.Database.PlanOutboxSweep();
            Redeliver(turn.Cause);
            return;
        }

        _decisions.Tell(turn, turn.Told);
        if (world.Happens(Fault.CrashAcknowledged, turn.Workflow))
        {
            world.Engines.Crash(turn.Engine);
            return;
        }

        world.Dispatching.Send(turn, stored);
    }

    private void Die(int engine, Message unacknowledged)
    {
        world.Engines.Crash(engine);
        if (!world.Has(ModelBug.AckBeforeCommit))
        {
            Redeliver(unacknowledged);
        }
    }

    // A forgetful broker loses what its process held; a client sends again until it has its receipt.
    private void Redeliver(Message message) =>
        world.Broker.SendExactly(message, world.Now + (message.IsClients ? Spans.Second : 0));

    private Turn Rent() => _free.TryPop(out var turn) ? turn : new Turn();

    private static string Describe(Turn turn) =>
        $"[{string.Join("; ", turn.Journal.Notes.Select(x => $"{x.Kind} {x.Id}"))}] [{string.Join("; ", turn.Journal.Facts)}]";
}
