using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>One simulated world: chaos, then heal, then quiet, then audit. Begin reading at <see cref="Run"/>.</summary>
internal sealed class World
{
    // The dice of the world itself; those of its workflows are numbered from 1.
    private const ulong WorldStream = 0;
    private const int MostEventsPerWorkflow = 20_000;

    // An engine that dies at nearly every message gets nowhere by itself: such a chaos ends early, and the rest must still come to rest.
    private const int MostChaosPerWorkflow = 10_000;

    private readonly EventHeap _heap;
    private readonly FaultPlan _faults;
    private uint _ties;

    private World(WorldPlan plan, Tally tally, EventHeap heap, Action<string>? trace)
    {
        Plan = plan;
        Tally = tally;
        Trace = trace;
        _heap = heap;
        _heap.Clear();
        Rng = new Rng(Rng.Mix(plan.Seed, WorldStream));
        _faults = new FaultPlan(plan, Rng);
        ChaosEnd = Rng.LogUniform(Spans.Hour, 2 * Spans.Day);
        Oracle = new Judge(plan.Workflows, Database.KeptMessages);
        Database = new Database(this);
        Broker = new Broker(this);
        Engines = new Engines(this);
        Turns = new Turns(this);
        Dispatching = new Dispatching(this);
        Alarms = new Alarms(this);
        Workers = new Workers(this);
        Nemesis = new Nemesis(this);
        Workflows = Inhabitants.Create(this);
    }

    public WorldPlan Plan { get; }
    public Tally Tally { get; }
    public Action<string>? Trace { get; }
    public Rng Rng { get; }
    public Judge Oracle { get; }
    public Database Database { get; }
    public Broker Broker { get; }
    public Engines Engines { get; }
    public Turns Turns { get; }
    public Dispatching Dispatching { get; }
    public Alarms Alarms { get; }
    public Workers Workers { get; }
    public Nemesis Nemesis { get; }
    public IReadOnlyList<WorkflowRow> Workflows { get; }

    /// <summary>The one authority about time: the database's clock, in ticks.</summary>
    public long Now { get; private set; }

    /// <summary>When all faults stop.</summary>
    public long ChaosEnd { get; }

    public bool IsHealed { get; private set; }

    /// <summary>When they stopped: later than planned when the clock jumped past it.</summary>
    public long HealedAt { get; private set; }

    /// <summary>How many single faults have fired.</summary>
    public int FaultsFired => _faults.Fired;

    /// <summary>Runs a world to its audit; the first broken invariant, or <see langword="null"/>.</summary>
    public static World Run(WorldPlan plan, Tally tally, EventHeap heap, Action<string>? trace = null)
    {
        var world = new World(plan, tally, heap, trace);
        world.Engines.StartAll();
        Inhabitants.Move(world);
        world.Nemesis.Plan();
        world.RunToQuiet();
        if (world.Oracle.Broken is null)
        {
            Audit.Run(world);
        }

        tally.Add(world.Oracle);
        return world;
    }

    /// <summary>Puts something into the future.</summary>
    public void Schedule(long at, EventKind kind, int number = 0, object? subject = null, WorkflowRow? of = null) =>
        _heap.Push(new SimEvent(Math.Max(at, Now), TieOf(of), kind, number, subject));

    /// <summary>Whether a fault happens now. Faults of a workflow's own messages are of its own dice.</summary>
    public bool Happens(Fault fault, WorkflowRow? of)
    {
        var probability = _faults[fault];
        return !IsHealed && probability > 0 && (of?.Rng ?? Rng).Chance(probability) && Confirm(fault, of);
    }

    /// <summary>How likely a fault is now; 0 where it is not active.</summary>
    public double Likelihood(Fault fault) => IsHealed ? 0 : _faults[fault];

    /// <summary>Whether a fault that was planned before really happens; it is counted then.</summary>
    public bool Confirm(Fault fault, WorkflowRow? of = null)
    {
        if (!_faults.Happens(fault))
        {
            return false;
        }

        Tally.Count(fault);
        Trace?.Invoke($"{Now} fault {fault} {(of is null ? "" : $"workflow {of.Index}")}");
        return true;
    }

    public bool Has(ModelBug bug) => Plan.Bug == bug;

    /// <summary>The authority's clock jumps ahead: everything that was to come in between comes late.</summary>
    public void JumpAhead(long by) => Now += by;

    private void RunToQuiet()
    {
        var budget = (long)MostEventsPerWorkflow * Plan.Workflows;
        while (Oracle.Broken is null)
        {
            // Healed also when nothing is left to happen before: what the chaos broke must come to rest.
            var more = _heap.TryPop(out var next);
            var isExhausted = budget < (long)(MostEventsPerWorkflow - MostChaosPerWorkflow) * Plan.Workflows;
            if (!IsHealed && (!more || next.At >= ChaosEnd || isExhausted))
            {
                Heal();
                if (more)
                {
                    _heap.Push(next);
                }

                continue;
            }

            if (!more)
            {
                return;
            }

            Now = Math.Max(Now, next.At);
            Tally.Events++;
            if (--budget < 0)
            {
                Oracle.Break("V1", "the world does not come to rest", -1, Now);
                return;
            }

            Happen(next);
        }
    }

    private void Heal()
    {
        IsHealed = true;
        HealedAt = Now = Math.Max(Now, ChaosEnd);
        Trace?.Invoke($"{Now} healed");
        Broker.Unblock();
        Engines.StartAll();
        Alarms.Heal();
        Inhabitants.SendWhatIsMissing(this);
    }

    private void Happen(in SimEvent next)
    {
        switch (next.Kind)
        {
            case EventKind.Deliver:
                Broker.Deliver((Message)next.Subject!);
                break;
            case EventKind.Commit:
                Turns.Commit((Turn)next.Subject!);
                break;
            case EventKind.Alarm:
                Alarms.Fire((Message)next.Subject!, next.Number);
                break;
            case EventKind.Sweep:
                Alarms.Sweep(next.At);
                break;
            case EventKind.OutboxSweep:
                Database.SweepOutbox();
                break;
            case EventKind.EngineDown:
                Engines.Crash(next.Number);
                break;
            case EventKind.EngineUp:
                Engines.Start(next.Number);
                break;
            case EventKind.Nemesis:
                Nemesis.Do((Act)next.Number);
                break;
        }
    }

    // Two things at one instant come in an order that the seed decides, and that no other workflow changes.
    private ulong TieOf(WorkflowRow? of) =>
        of is null ? Rng.Mix(Plan.Seed, ++_ties) : Rng.Mix(Plan.Seed + (ulong)of.Index, (1UL << 32) + ++of.Ties);
}
