using SagaFlow.Dispatch;
using SagaFlow.Hosting;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Databases;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The engine's process: one life after another on the same database.</summary>
internal sealed class PipeProcess : IAsyncDisposable
{
    private const long Arrivals = 30 * Spans.Minute;
    private const long AliveInterval = 5 * Spans.Second;

    private readonly PipeWorld _world;
    private readonly IPipeDatabase _database;
    private readonly PipeEdges _edges;
    private readonly Rng _skews;
    private long _lastAlive = ActivityImage.Never;

    public PipeProcess(PipeWorld world, IPipeDatabase database)
    {
        (_world, _database) = (world, database);

        // Dice of its own: the same world runs on a database for which the engine's clock counts.
        _skews = new Rng(Rng.Mix(world.Plan.Seed, ulong.MaxValue));
        _edges = new PipeEdges(world, database);
    }

    /// <summary>The engine that lives; <see langword="null"/> while none does.</summary>
    public PipeEngine? Engine { get; private set; }

    /// <summary>Counts the lives.</summary>
    public int Life { get; private set; }

    public void PlanCrashes()
    {
        foreach (var fault in new[] { Fault.Killed, Fault.Blackout })
        {
            for (var i = _world.Likelihood(fault) > 0 ? 1 + _world.Rng.Below(2) : 0; i > 0; i--)
            {
                _world.Schedule(_world.Rng.LogUniform(Spans.Second, 4 * Arrivals), EventKind.EngineDown, fault);
            }
        }
    }

    /// <summary>Whether an engine has not got to its first message yet.</summary>
    public bool IsStarting { get; private set; }

    public async Task StartAsync()
    {
        IsStarting = true;
        var last = _lastAlive;
        await _database.SetClockAsync(Spans.Instant(_world.Now));
        Engine = new PipeEngine(_database, NextSkew(), _world, _edges);
        _world.Trace?.Invoke($"{_world.Now} the engine starts");
        var isBlackout = last != ActivityImage.Never && _world.Now - last > 15 * Spans.Second;
        _world.Journal.Cause = new PipeCause(What: new Happening(HappeningKind.Blackout) { Since = last, Until = _world.Now, Grace = 30 * Spans.Second });
        await Engine.Get<EngineStart>().PrepareAsync(CancellationToken.None);
        _edges.Check();
        if (isBlackout)
        {
            _world.Oracle.BlackoutOver(last, _world.Now, _world.Now);
        }

        await Engine.Get<EngineStart>().ResumeAsync(CancellationToken.None);
        _edges.Check();
        await SayAliveAsync(Engine, _world.Now);
        IsStarting = false;
        _world.Journal.Cause = new PipeCause();
        _world.Alarm.Reset();
        _world.Broker.Flush();
    }

    /// <summary>Sets every clock to the world's instant, each as wrong as it is.</summary>
    public Task SetClockAsync()
    {
        Engine?.Clock.Set(Spans.Instant(_world.Now));
        return Engine is null ? Task.CompletedTask : _database.SetClockAsync(Spans.Instant(_world.Now));
    }

    public async Task DispatchAsync()
    {
        if (Engine is { } engine)
        {
            await engine.Get<OutgoingDispatcher>().SendWaitingAsync(CancellationToken.None);
        }
    }

    public async Task CrashAsync(long downtime)
    {
        if (Engine is not { } engine)
        {
            return;
        }

        _world.Trace?.Invoke($"{_world.Now} the engine dies");
        await SayAliveAsync(engine, engine.Since + ((_world.Now - engine.Since) / AliveInterval * AliveInterval));
        Engine = null;
        await engine.DisposeAsync();
        Life++;
        _edges.Forget();
        _world.Schedule(_world.Now + downtime, EventKind.EngineUp);
    }

    public async ValueTask DisposeAsync()
    {
        if (Engine is { } engine)
        {
            Engine = null;
            await engine.DisposeAsync();
        }
    }

    private TimeSpan NextSkew() => (2 * _skews.NextDouble() - 1) * _database.LargestSkew;

    private Task SayAliveAsync(PipeEngine engine, long at)
    {
        _lastAlive = at;
        return engine.Get<IEngineRegister>().SayAliveAsync("pipe", Spans.Instant(at), CancellationToken.None);
    }
}
