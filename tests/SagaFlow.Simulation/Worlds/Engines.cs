using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Worlds;

/// <summary>One to three engine processes: each takes a message, runs a turn, commits, acknowledges and dispatches, and may die at any point between.</summary>
internal sealed class Engines
{
    private const long AliveInterval = 5 * Spans.Second;
    private const long LongestStall = 5 * Spans.Second;
    private const long LongestPause = 2 * Spans.Minute;

    private readonly World _world;
    private readonly Node[] _nodes;
    private readonly Stack<Turn> _free = new();
    private readonly List<Turn> _inFlight = [];
    private readonly Decisions _decisions;
    private readonly Recovery _recovery;
    private long _lastAlive = ActivityImage.Never;
    private long _heldDownUntil;

    public Engines(World world)
    {
        _world = world;
        _nodes = [.. Enumerable.Range(0, world.Rng.Below(5) switch { < 3 => 1, 3 => 2, _ => 3 }).Select(_ => new Node())];
        IsForgetful = _nodes.Length == 1 && world.Rng.Chance(0.5);
        _decisions = new Decisions(world);
        _recovery = new Recovery(world);
    }

    /// <summary>One engine with everything in its process: the broker forgets when it dies.</summary>
    public bool IsForgetful { get; }

    /// <summary>One engine makes its messages again from their rows at its start; several share an outbox.</summary>
    public bool IsEmbedded => _nodes.Length == 1;

    /// <summary>Counts the lives of an embedded engine.</summary>
    public int Life { get; private set; }

    public bool IsAnyAlive => Array.Exists(_nodes, x => x.IsAlive);

    public int Count => _nodes.Length;

    public void StartAll()
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            Start(i);
        }
    }

    /// <summary>An engine starts: it learns how long nobody was there, and makes again what a crash swallowed.</summary>
    public void Start(int engine)
    {
        if (_nodes[engine].IsAlive)
        {
            return;
        }

        var isAlone = !IsAnyAlive;
        _nodes[engine].IsAlive = true;
        _nodes[engine].Since = _world.Now;
        _world.Trace?.Invoke($"{_world.Now} engine {engine} starts");
        if (isAlone && _lastAlive != ActivityImage.Never)
        {
            _recovery.Run(_lastAlive);
        }

        _world.Database.PlanOutboxSweep();
        _world.Alarms.Resume();
        _world.Broker.Flush();
    }

    /// <summary>An engine dies: what it had not committed is gone, what it had not acknowledged is delivered again.</summary>
    public void Crash(int engine)
    {
        var node = _nodes[engine];
        if (!node.IsAlive)
        {
            return;
        }

        node.IsAlive = false;
        _lastAlive = Math.Max(_lastAlive, node.Since + ((_world.Now - node.Since) / AliveInterval * AliveInterval));
        _world.Trace?.Invoke($"{_world.Now} engine {engine} dies");
        if (!IsAnyAlive)
        {
            Life++;
        }

        foreach (var turn in _inFlight)
        {
            if (turn.Engine == engine && !turn.IsDead)
            {
                turn.IsDead = true;
                Redeliver(turn.Cause);
            }
        }

        var up = _world.Now + _world.Rng.LogUniform(10 * Spans.Millisecond, 2 * Spans.Minute);
        _world.Schedule(Math.Max(up, _heldDownUntil), EventKind.EngineUp, engine);
    }

    /// <summary>No engine that dies comes back before this instant.</summary>
    public void HoldDown(long until) => _heldDownUntil = until;

    /// <summary>The engine that gets the message; <see langword="null"/> when none is there.</summary>
    public int? PickFor(Message message)
    {
        var first = _nodes.Length == 1 ? 0 : message.Workflow.Rng.Below(_nodes.Length);
        for (var i = 0; i < _nodes.Length; i++)
        {
            var engine = (first + i) % _nodes.Length;
            if (_nodes[engine].IsAlive)
            {
                return engine;
            }
        }

        return null;
    }

    public void Receive(Message message, int engine)
    {
        var workflow = message.Workflow;
        if (_world.Happens(Fault.CrashReceived, workflow))
        {
            Die(engine, message);
            return;
        }

        if (_world.Happens(Fault.ConnectionLost, workflow))
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

    /// <summary>Sends a stored message, and deletes it once the broker has confirmed it.</summary>
    public void Dispatch(OutboxRow row)
    {
        var message = row.Message;
        row.SentAt = _world.Now;
        if (_world.Has(ModelBug.DeletedBeforeConfirm))
        {
            row.IsDeleted = true;
        }

        if (_world.Happens(Fault.Nack, message.Workflow))
        {
            return;
        }

        Publish(message);
        row.IsDeleted |= !_world.Happens(Fault.ConfirmLost, message.Workflow);
    }

    /// <summary>Sends a message that is made again from its rows after a crash.</summary>
    public void DispatchDerived(Message message)
    {
        if (_world.Happens(Fault.Nack, message.Workflow))
        {
            Publish(message, Spans.Second);
            return;
        }

        Publish(message);
        if (_world.Happens(Fault.ConfirmLost, message.Workflow))
        {
            Publish(message);
        }
    }

    /// <summary>Runs a turn that meets no fault: the recovery's own.</summary>
    public void RunCalmly(Message cause, Action<Turn> decide)
    {
        var turn = Rent();
        turn.Begin(cause, 0, _world.Now);
        decide(turn);
        if (turn.HasChanges)
        {
            _world.Database.Commit(turn);
            _world.Alarms.Arm(turn);
        }

        _free.Push(turn);
    }

    private void Run(Message message, int engine, int conflicts)
    {
        var turn = Rent();
        turn.Begin(message, engine, _world.Now);
        turn.Conflicts = conflicts;
        _decisions.Decide(turn);
        if (!turn.HasChanges)
        {
            _decisions.Tell(turn, turn.Told);
            _free.Push(turn);
            return;
        }

        if (_world.Has(ModelBug.PublishBeforeCommit))
        {
            turn.Outgoing.ForEach(x => Publish(x));
        }

        var wait = CommitDelay(message.Workflow);
        if (wait < 0)
        {
            Conclude(turn);
            _free.Push(turn);
            return;
        }

        _inFlight.Add(turn);
        _world.Schedule(_world.Now + wait, EventKind.Commit, engine, turn, message.Workflow);
    }

    // Most turns commit at once. The others leave time in which somebody else may commit first.
    private long CommitDelay(WorkflowRow workflow)
    {
        if (_world.Happens(Fault.Stall, workflow))
        {
            return workflow.Rng.LogUniform(Spans.Millisecond, LongestStall);
        }

        if (_world.Happens(Fault.Paused, workflow))
        {
            return workflow.Rng.LogUniform(Spans.Second, LongestPause);
        }

        return workflow.Rng.Below(8) == 0 ? workflow.Rng.Below(100_000) : -1;
    }

    private void Conclude(Turn turn)
    {
        var workflow = turn.Workflow;
        if (_world.Happens(Fault.CrashInTransaction, workflow))
        {
            Die(turn.Engine, turn.Cause);
            return;
        }

        if (_world.Happens(Fault.ErrorBeforeCommit, workflow))
        {
            Redeliver(turn.Cause);
            return;
        }

        var result = _world.Happens(Fault.Conflict, workflow) ? CommitResult.Conflict : _world.Database.Commit(turn);
        if (result == CommitResult.Conflict)
        {
            Run(turn.Cause, turn.Engine, turn.Conflicts + 1);
            return;
        }

        _world.Trace?.Invoke($"{_world.Now} workflow {workflow.Index}: {turn.Cause} -> {result} {Describe(turn)}");
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
            AddJoins(turn);
        }

        var stored = IsEmbedded ? null : turn.Outgoing.ConvertAll(_world.Database.Store);
        _world.Alarms.Arm(turn);
        if (_world.Happens(Fault.CrashCommitted, turn.Workflow))
        {
            Die(turn.Engine, turn.Cause);
            return;
        }

        // Where nothing is stored, an error after the commit cannot be told from a crash.
        if (stored is not null && _world.Happens(Fault.ErrorAfterCommit, turn.Workflow))
        {
            _world.Database.PlanOutboxSweep();
            Redeliver(turn.Cause);
            return;
        }

        _decisions.Tell(turn, turn.Told);
        if (_world.Happens(Fault.CrashAcknowledged, turn.Workflow))
        {
            Crash(turn.Engine);
            return;
        }

        DispatchAll(turn, stored);
    }

    private void DispatchAll(Turn turn, List<OutboxRow>? stored)
    {
        for (var i = 0; i < turn.Outgoing.Count; i++)
        {
            if (stored is null)
            {
                DispatchDerived(turn.Outgoing[i]);
            }
            else
            {
                Dispatch(stored[i]);
            }

            if (_world.Happens(i == 0 ? Fault.CrashPublished : Fault.CrashConfirmed, turn.Workflow))
            {
                Crash(turn.Engine);
                return;
            }
        }

        if (stored is not null && stored.Exists(x => !x.IsDeleted))
        {
            _world.Database.PlanOutboxSweep();
        }
    }

    private static void AddJoins(Turn turn)
    {
        foreach (var (group, _, _) in turn.Closings)
        {
            if (turn.Workflow.Groups[group].Status == GroupStatus.Met)
            {
                turn.Outgoing.Add(new Message(MessageKind.Join, turn.Workflow) { Number = group });
            }
        }
    }

    private void Publish(Message message, long after = 0)
    {
        if (message.Kind == MessageKind.Request)
        {
            _world.Oracle.Requested(message.Workflow.Index, message.Activity, message.Attempt, _world.Now);
            if (_world.Oracle.Broken is not null)
            {
                return;
            }

            message = Workers.WithToken(message);
        }

        _world.Broker.SendAt(message, _world.Now + after);
    }

    private void Die(int engine, Message unacknowledged)
    {
        Crash(engine);
        if (!_world.Has(ModelBug.AckBeforeCommit))
        {
            Redeliver(unacknowledged);
        }
    }

    // A forgetful broker loses what its process held; a client sends again until it has its receipt.
    private void Redeliver(Message message) =>
        _world.Broker.SendExactly(message, _world.Now + (message.IsClients ? Spans.Second : 0));

    private Turn Rent() => _free.TryPop(out var turn) ? turn : new Turn();

    private static string Describe(Turn turn) =>
        $"[{string.Join("; ", turn.Journal.Notes.Select(x => $"{x.Kind} {x.Id}"))}] [{string.Join("; ", turn.Journal.Facts)}]";

    private sealed class Node
    {
        public bool IsAlive { get; set; }
        public long Since { get; set; }
    }
}
