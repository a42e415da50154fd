using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Dispatch;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Timeouts;
using SagaFlow.Worker;
using SagaFlow.Workflows;

namespace SagaFlow.Testing;

/// <summary>One life of the engine inside a harness, from its start to its kill: the real container, and the pump that steps it.</summary>
internal sealed class HarnessEngine : IAsyncDisposable
{
    private const int MostSteps = 10_000;

    // The engine's alarm sweeps every second; after a start, what the start itself claimed rings with the first sweep.
    private static readonly TimeSpan FirstSweep = TimeSpan.FromSeconds(1);

    private readonly ServiceProvider _provider;
    private readonly StepQueue _steps = new();
    private DateTimeOffset? _sweepAt;
    private bool _isDying;

    private HarnessEngine(HarnessSetup setup, string file, HarnessClock clock, ActivityDesk desk)
    {
        Clock = clock;
        var services = new ServiceCollection();
        services.AddLogging();
        setup.Services.ForEach(configure => configure(services));
        AddWorld(services, setup, desk);
        services.AddSagaFlow(flow =>
        {
            setup.Workflows.ForEach(add => add(flow));
            flow.UseSqlite(file).RelaxDurability();
        });
        services.AddSagaFlowWorker(worker => setup.Handlers.ForEach(add => add(worker)));
        _provider = services.BuildServiceProvider(validateScopes: true);
    }

    public HarnessClock Clock { get; }

    public IWorkflowReader Reader => Get<IWorkflowReader>();

    /// <summary>Starts an engine as a host would, up to its first message.</summary>
    public static async Task<HarnessEngine> StartAsync(HarnessSetup setup, string file, DateTimeOffset now, ActivityDesk desk)
    {
        var engine = new HarnessEngine(setup, file, new HarnessClock(now), desk);
        try
        {
            await engine.Get<EngineStart>().PrepareAsync(CancellationToken.None);
            await engine.Get<EngineStart>().ResumeAsync(CancellationToken.None);
            engine._sweepAt = now + FirstSweep;
            await engine.RunUntilIdleAsync();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>Lets nothing leave any more: what is committed from now on is all that a restart finds.</summary>
    public void Die() => _isDying = true;

    /// <summary>Lets everything happen that is ready, in order, one thing at a time.</summary>
    public async Task RunUntilIdleAsync()
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var dispatcher = Get<OutgoingDispatcher>();
        do
        {
            await dispatcher.SendWaitingAsync(CancellationToken.None);
            while (_steps.TryTake(out var step))
            {
                Count(names, step.Name);
                await (_isDying ? Task.CompletedTask : step.RunAsync());
                await dispatcher.SendWaitingAsync(CancellationToken.None);
            }
        }
        while (await Get<HandlerRuns>().SettleAsync());
    }

    /// <summary>When something happens next without anybody's doing: a deadline, or a timer of a handler.</summary>
    public async Task<DateTimeOffset?> NextInstantAsync()
    {
        DateTimeOffset?[] instants = [await NextDeadlineAsync(), Clock.NextTimerAt, _sweepAt];
        return instants.Min();
    }

    /// <summary>The next deadline of an activity.</summary>
    public Task<DateTimeOffset?> NextDeadlineAsync() => Get<IAlarmStore>().NextDueAsync(CancellationToken.None);

    /// <summary>Moves the clock to an instant and lets everything happen that is due then.</summary>
    public async Task AdvanceToAsync(DateTimeOffset instant)
    {
        Clock.AdvanceTo(instant);
        _sweepAt = _sweepAt > instant ? _sweepAt : null;
        await RunUntilIdleAsync();
        await Get<DueSweep>().RunAsync(CancellationToken.None);
        await RunUntilIdleAsync();
    }

    /// <summary>Notes, as a living engine does every five seconds, until when it lived.</summary>
    public Task SayAliveAsync() => Get<IEngineRegister>().SayAliveAsync("harness", Clock.GetUtcNow(), CancellationToken.None);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private void AddWorld(ServiceCollection services, HarnessSetup setup, ActivityDesk desk)
    {
        services.AddSingleton(Clock);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IRandomSource>(new HarnessRandom(setup.Seed));
        services.TryAddSingleton(new EngineLimits { DeliveryHold = TimeSpan.Zero });

        // The clock stands while an answer is in hand.
        services.TryAddSingleton(new UnknownAnswerWait(TimeSpan.Zero));
        services.AddSingleton(_steps);
        services.AddSingleton(desk);
        services.AddSingleton<ICommitListener>(desk);
        services.AddSingleton<ReplyCatcher>();
        services.AddSingleton<IRawBus>(x => x.GetRequiredService<ReplyCatcher>());
        services.AddSingleton<AnswerGate>();
        services.AddSingleton<JoinGate>();
        services.AddSingleton<Deliveries>();
        services.AddSingleton<HandlerRuns>();
        services.AddSingleton<IOutgoingSender, StepSender>();
        services.AddSingleton<IRinger, StepRinger>();
        services.AddSingleton<IAnswerSink, StepAnswerSink>();
        services.AddSingleton(x => ActivatorUtilities.CreateInstance<RunServices>(x, new WorkerClock(Clock)));
        AddLazy<Deliveries>(services);
        AddLazy<RingEndpoint>(services);
        AddLazy<ActivityRunners>(services);
    }

    private static void AddLazy<T>(ServiceCollection services)
        where T : notnull =>
        services.AddSingleton(x => new Lazy<T>(x.GetRequiredService<T>));

    private static void Count(Dictionary<string, int> names, string name)
    {
        names[name] = names.GetValueOrDefault(name) + 1;
        if (names.Values.Sum() > MostSteps)
        {
            var most = names.OrderByDescending(x => x.Value).Take(3).Select(x => $"{x.Key} ({x.Value} times)");
            throw new HarnessAssertionException(
                $"The workflow does not come to rest: {MostSteps} steps at one instant. What happened most: {string.Join("; ", most)}.");
        }
    }
}
