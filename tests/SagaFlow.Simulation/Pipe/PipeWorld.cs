using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Dispatch;
using SagaFlow.Hosting;
using SagaFlow.Joins;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Pipe;

/// <summary>A world round the real engine: its pipe, its store and its SQLite file, one message at a time. Begin reading at <see cref="RunAsync"/>.</summary>
internal sealed partial class PipeWorld : IPipeWorld, IAsyncDisposable
{
    private const long Arrivals = 30 * Spans.Minute;
    private const long LongestDelay = 10 * Spans.Minute;
    private const long LongestRingDelay = 30 * Spans.Second;
    private const long AliveInterval = 5 * Spans.Second;
    private const int MostCrashes = 4;
    private const int MostEvents = 200_000;

    private readonly EventHeap _heap = new();
    private readonly FaultPlan _faults;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sagaflow-pipe-");
    private readonly PipeWorkers _workers;
    private readonly Action<string>? _trace;
    private readonly List<PipeMessage> _waiting = [];
    private PipeEngine? _engine;
    private uint _ties;
    private long _sweepAt = long.MaxValue;
    private long _rungAt = long.MaxValue;
    private long _lastAlive = ActivityImage.Never;
    private int _conflicts;

    private PipeWorld(WorldPlan plan, Tally tally, Action<string>? trace)
    {
        Plan = plan;
        Tally = tally;
        _trace = trace;
        Rng = new Rng(Rng.Mix(plan.Seed, 0));
        _faults = new FaultPlan(plan, Rng);
        ChaosEnd = Rng.LogUniform(Spans.Hour, 2 * Spans.Day);
        Programs = Pipe.Programs.Draw(plan, Rng);
        Oracle = new Judge(plan.Workflows, PipeEngine.KeptMessages, seesHistoryOnly: true);
        Journal = new Journal(Oracle, Programs);
        _workers = new PipeWorkers(this);
    }

    public WorldPlan Plan { get; }
    public Tally Tally { get; }
    public Rng Rng { get; }
    public Judge Oracle { get; }
    public Journal Journal { get; }
    public IReadOnlyList<Program> Programs { get; }
    public long Now { get; private set; }
    public long ChaosEnd { get; }
    public bool IsHealed { get; private set; }
    public int FaultsFired => _faults.Fired;

    /// <summary>Counts the lives of the engine's process.</summary>
    public int Life { get; private set; }

    /// <summary>Messages that nobody can read and that must be found in the quarantine.</summary>
    public int Unreadable { get; set; }

    /// <summary>Runs a world to its audit.</summary>
    public static async Task<PipeWorld> RunAsync(WorldPlan plan, Tally tally, Action<string>? trace = null)
    {
        var world = new PipeWorld(plan, tally, trace);
        await using (world)
        {
            await world.StartEngineAsync();
            PipePeople.Move(world);
            world.PlanCrashes();
            await world.RunToQuietAsync();
            if (world.Oracle.Broken is null && world._engine is { } engine)
            {
                await PipeAudit.RunAsync(world, engine);
            }
        }

        tally.Races += world.Journal.Races;
        tally.Add(world.Oracle);
        return world;
    }

    public bool Happens(Fault fault, Program? of)
    {
        // A start of the engine costs as much as twenty workflows.
        var probability = Life >= MostCrashes && fault is >= Fault.CrashReceived and <= Fault.CrashConfirmed ? 0 : _faults[fault];
        return !IsHealed && probability > 0 && (of?.Rng ?? Rng).Chance(probability) && Confirm(fault, of);
    }

    public double Likelihood(Fault fault) => IsHealed ? 0 : _faults[fault];

    public bool Confirm(Fault fault, Program? of)
    {
        if (!_faults.Happens(fault))
        {
            return false;
        }

        Tally.Count(fault);
        _trace?.Invoke($"{Now} fault {fault} {(of is null ? "" : $"workflow {of.Index}")}");
        return true;
    }

    /// <summary>Sends a message; when and how often it arrives is the broker's affair.</summary>
    public void Send(PipeMessage message, long at)
    {
        var rng = message.Program.Rng;
        var marked = message with { Life = Life };
        var isRing = message.Told == ToldKind.Nobody;
        var latency = Happens(Fault.Delay, message.Program)
            ? rng.LogUniform(Spans.Millisecond, isRing ? LongestRingDelay : LongestDelay)
            : rng.Below(5) < 2 ? 0 : rng.Below(50_000);
        SendExactly(marked, at + latency);
        if (Happens(Fault.Duplicate, message.Program))
        {
            SendExactly(marked, at + rng.LogUniform(1, Spans.Minute));
        }
    }

    public void SendExactly(PipeMessage message, long at) =>
        Schedule(at, EventKind.Deliver, message with { Life = Life }, message.Program);

    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine)
        {
            _engine = null;
            await engine.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private void Schedule(long at, EventKind kind, object? subject = null, Program? of = null)
    {
        var tie = of is null ? Rng.Mix(Plan.Seed, ++_ties) : Rng.Mix(Plan.Seed + (ulong)of.Index, (1UL << 32) + ++of.Ties);
        _heap.Push(new SimEvent(Math.Max(at, Now), tie, kind, 0, subject));
    }

    private void PlanCrashes()
    {
        foreach (var fault in new[] { Fault.Killed, Fault.Blackout })
        {
            for (var i = Likelihood(fault) > 0 ? 1 + Rng.Below(2) : 0; i > 0; i--)
            {
                Schedule(Rng.LogUniform(Spans.Second, 4 * Arrivals), EventKind.EngineDown, fault);
            }
        }
    }

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
        _trace?.Invoke($"{Now} healed");
        if (_engine is null)
        {
            await StartEngineAsync();
        }

        PipePeople.SendWhatIsMissing(this);
        await PlanSweepAsync();
    }

    private async Task HappenAsync(SimEvent next)
    {
        _engine?.Clock.AdvanceTo(Spans.Instant(Now));
        try
        {
            switch (next.Kind)
            {
                case EventKind.Deliver:
                    await DeliverAsync((PipeMessage)next.Subject!);
                    break;
                case EventKind.Sweep when next.At == _sweepAt:
                    await SweepAsync();
                    break;
                case EventKind.EngineUp when _engine is null:
                    await StartEngineAsync();
                    break;
                case EventKind.EngineDown when Confirm((Fault)next.Subject!, null):
                    await CrashAsync((Fault)next.Subject! == Fault.Blackout ? Rng.LogUniform(16 * Spans.Second, 2 * Spans.Hour) : Spans.Second);
                    break;
            }

            await DispatchAsync();
            await PlanSweepAsync();
        }
        catch (SimulatedCrashException)
        {
            await CrashAsync(Rng.LogUniform(10 * Spans.Millisecond, Spans.Minute));
        }
        catch (SimulatedErrorException)
        {
            // Only a start meets it here: whoever started the engine starts it again.
            await CrashAsync(Spans.Second);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Oracle.Break("E", $"the engine threw {exception.GetType().Name}: {exception.Message} at {exception.StackTrace?.Split('\n')[0].Trim()}", -1, Now);
        }
    }

    // What rang may ring unheard: the engine sweeps again when its claim is over.
    private async Task SweepAsync()
    {
        _sweepAt = _rungAt = long.MaxValue;
        if (_engine is { } engine && await engine.Get<DueSweep>().RunAsync(CancellationToken.None) > 0)
        {
            _rungAt = Now + (6 * Spans.Second);
        }
    }

    private async Task DispatchAsync()
    {
        if (_engine is { } engine)
        {
            await engine.Get<OutgoingDispatcher>().SendWaitingAsync(CancellationToken.None);
        }
    }

    // The alarm clock of the engine looks at what is due next, and once a second at what rang and was not heard.
    private async Task PlanSweepAsync()
    {
        if (_engine is not { } engine)
        {
            return;
        }

        var next = await engine.Get<IAlarmStore>().NextDueAsync(CancellationToken.None);
        var at = Math.Max(Now, Math.Min(next is { } due ? Spans.At(due) : long.MaxValue, _rungAt));
        if (at < _sweepAt)
        {
            _sweepAt = at;
            Schedule(at, EventKind.Sweep);
        }
    }

    private async Task DeliverAsync(PipeMessage message)
    {
        if (message.Life != Life && !message.IsClients)
        {
            return;
        }

        if (message.RunAsync is null)
        {
            _workers.Receive(message);
            return;
        }

        if (_engine is not { } engine)
        {
            _waiting.Add(message);
            return;
        }

        var commits = Journal.Commits;
        try
        {
            if (Happens(Fault.CrashReceived, message.Program))
            {
                throw new SimulatedCrashException();
            }

            Journal.Cause = message.Cause;
            var receipt = await message.RunAsync(engine);
            _trace?.Invoke($"{Now} workflow {message.Program.Index}: {message.Name} -> {receipt?.Disposition.ToString() ?? "taken"}");
            PipeReceipts.Judge(this, message, receipt, hasCommitted: Journal.Commits > commits);
        }
        catch (SimulatedErrorException)
        {
            SendExactly(message, Now + (Spans.Second / 10));
            return;
        }
        catch (SimulatedCrashException) when (message.IsClients)
        {
            // A client has no receipt and asks again.
            Schedule(Now + Spans.Second, EventKind.Deliver, message, message.Program);
            throw;
        }

        if (Happens(Fault.CrashAcknowledged, message.Program))
        {
            throw new SimulatedCrashException();
        }
    }

    private async Task StartEngineAsync()
    {
        var last = _lastAlive;
        _engine = new PipeEngine(Path.Combine(_folder.FullName, "flow.db"), Now, Rng, this);
        _trace?.Invoke($"{Now} the engine starts");
        var isBlackout = last != ActivityImage.Never && Now - last > 15 * Spans.Second;
        Journal.Cause = new PipeCause(What: new Happening(HappeningKind.Blackout) { Since = last, Until = Now, Grace = 30 * Spans.Second });
        await _engine.Get<EngineStart>().PrepareAsync(CancellationToken.None);
        if (isBlackout)
        {
            Oracle.BlackoutOver(last, Now, Now);
        }

        await _engine.Get<EngineStart>().ResumeAsync(CancellationToken.None);
        await SayAliveAsync(_engine, Now);
        Journal.Cause = new PipeCause();
        _sweepAt = long.MaxValue;
        _rungAt = Now + Spans.Second;
        _waiting.ForEach(x => SendExactly(x, Now));
        _waiting.Clear();
    }

    private async Task CrashAsync(long downtime)
    {
        if (_engine is not { } engine)
        {
            return;
        }

        _trace?.Invoke($"{Now} the engine dies");
        await SayAliveAsync(engine, engine.Since + ((Now - engine.Since) / AliveInterval * AliveInterval));
        _engine = null;
        await engine.DisposeAsync();
        Life++;
        _conflicts = 0;
        Schedule(Now + downtime, EventKind.EngineUp);
    }

    private Task SayAliveAsync(PipeEngine engine, long at)
    {
        _lastAlive = at;
        return engine.Get<IEngineRegister>().SayAliveAsync("pipe", Spans.Instant(at), CancellationToken.None);
    }
}
