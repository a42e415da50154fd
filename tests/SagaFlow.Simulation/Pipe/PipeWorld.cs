using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Databases;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Pipe;

/// <summary>A world round the real engine: its pipe, its store and its database, one message at a time. Begin reading at <see cref="RunAsync"/>.</summary>
internal sealed class PipeWorld : IAsyncDisposable
{
    private const int MostCrashes = 4;
    private const int MostEvents = 200_000;

    private readonly EventHeap _heap = new();
    private readonly FaultPlan _faults;
    private uint _ties;

    private PipeWorld(WorldPlan plan, Tally tally, IPipeDatabase database, Action<string>? trace)
    {
        Plan = plan;
        Tally = tally;
        Trace = trace;
        Rng = new Rng(Rng.Mix(plan.Seed, 0));
        _faults = new FaultPlan(plan, Rng);
        ChaosEnd = plan.Whole(Rng.LogUniform(Spans.Hour, 2 * Spans.Day));
        Programs = Pipe.Programs.Draw(plan, Rng);
        Oracle = new Judge(plan.Workflows, PipeEngine.KeptMessages, seesHistoryOnly: true);
        Journal = new Journal(Oracle, Programs);
        Workers = new PipeWorkers(this);
        Broker = new PipeBroker(this);
        Alarm = new PipeAlarm(this);
        Process = new PipeProcess(this, database);
    }

    public WorldPlan Plan { get; }
    public Tally Tally { get; }
    public Action<string>? Trace { get; }
    public Rng Rng { get; }
    public Judge Oracle { get; }
    public Journal Journal { get; }
    public IReadOnlyList<Program> Programs { get; }
    public PipeWorkers Workers { get; }
    public PipeBroker Broker { get; }
    public PipeAlarm Alarm { get; }
    public PipeProcess Process { get; }
    public long Now { get; private set; }
    public long ChaosEnd { get; }
    public bool IsHealed { get; private set; }
    public int FaultsFired => _faults.Fired;

    /// <summary>Messages that nobody can read and that must be found in the quarantine; those that are one in body and instant once.</summary>
    public HashSet<(long At, string Body)> Unreadable { get; } = [];

    /// <summary>Runs a world to its audit.</summary>
    public static async Task<PipeWorld> RunAsync(WorldPlan plan, Tally tally, IPipeDatabases databases, Action<string>? trace = null)
    {
        await using var database = await databases.RentAsync();
        var world = new PipeWorld(plan, tally, database, trace);
        await using (world)
        {
            await world.Process.StartAsync();
            PipePeople.Move(world);
            world.Process.PlanCrashes();
            await world.RunToQuietAsync();
            if (world.Oracle.Broken is null && world.Process.Engine is { } engine)
            {
                await PipeAudit.RunAsync(world, engine);
            }
        }

        tally.Races += world.Journal.Races;
        tally.Add(world.Oracle);
        return world;
    }

    public bool Happens(Fault fault, Program? of) => Happens(fault, of, of?.Rng ?? Rng, 1);

    /// <summary>Whether a fault happens by other dice than the workflow's, and so many times less often than the world has it.</summary>
    public bool Happens(Fault fault, Program? of, Rng dice, int rarer)
    {
        // A start of the engine costs as much as twenty workflows.
        var probability = Process.Life >= MostCrashes && fault is >= Fault.CrashReceived and <= Fault.CrashConfirmed ? 0 : _faults[fault];
        return !IsHealed && probability > 0 && dice.Chance(probability / rarer) && Confirm(fault, of);
    }

    public double Likelihood(Fault fault) => IsHealed ? 0 : _faults[fault];

    public bool Confirm(Fault fault, Program? of)
    {
        if (!_faults.Happens(fault))
        {
            return false;
        }

        Tally.Count(fault);
        Trace?.Invoke($"{Now} fault {fault} {(of is null ? "" : $"workflow {of.Index}")}");
        return true;
    }

    public void Schedule(long at, EventKind kind, object? subject = null, Program? of = null)
    {
        var tie = of is null ? Rng.Mix(Plan.Seed, ++_ties) : Rng.Mix(Plan.Seed + (ulong)of.Index, (1UL << 32) + ++of.Ties);
        _heap.Push(new SimEvent(Plan.Whole(Math.Max(at, Now)), tie, kind, 0, subject));
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task RunToQuietAsync()
    {
        for (var events = 0; Oracle.Broken is null; events++)
        {
            var more = _heap.TryPop(out var next);
            if (!IsHealed && (!more || next.At >= ChaosEnd))
            {
                if (more)
                {
                    _heap.Push(next);
                }

                await HealAsync();
            }
            else if (!more)
            {
                return;
            }
            else if (events > MostEvents)
            {
                Oracle.Break("V1", "the world does not come to rest", -1, Now);
            }
            else
            {
                Now = next.At;
                Tally.Events++;
                await HappenAsync(next);
            }
        }
    }

    private async Task HealAsync()
    {
        IsHealed = true;
        Now = Math.Max(Now, ChaosEnd);
        Trace?.Invoke($"{Now} healed");
        if (Process.Engine is null)
        {
            await Process.StartAsync();
        }

        PipePeople.SendWhatIsMissing(this);
        await Alarm.PlanAsync();
    }

    private async Task HappenAsync(SimEvent next)
    {
        try
        {
            await Process.SetClockAsync();
            switch (next.Kind)
            {
                case EventKind.Deliver:
                    await Broker.DeliverAsync((PipeMessage)next.Subject!);
                    break;
                case EventKind.Sweep:
                    await Alarm.SweepAsync(next.At);
                    break;
                case EventKind.EngineUp when Process.Engine is null:
                    await Process.StartAsync();
                    break;
                case EventKind.EngineDown when Confirm((Fault)next.Subject!, null):
                    await Process.CrashAsync((Fault)next.Subject! == Fault.Blackout ? Rng.LogUniform(16 * Spans.Second, 2 * Spans.Hour) : Spans.Second);
                    break;
            }

            await Process.DispatchAsync();
            await Alarm.PlanAsync();
        }
        catch (SimulatedCrashException)
        {
            await Process.CrashAsync(Rng.LogUniform(10 * Spans.Millisecond, Spans.Minute));
        }
        catch (SimulatedErrorException)
        {
            // Only a start meets it here: whoever started the engine starts it again.
            await Process.CrashAsync(Spans.Second);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Oracle.Break("E", $"the engine threw {exception.GetType().Name}: {exception.Message} at {exception.StackTrace?.Split('\n')[0].Trim()}", -1, Now);
        }
    }
}
