using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Dispatch;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Simulation.Databases;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Pipe;

/// <summary>One life of the real engine on its database: everything but its clock, its dice, its bus and its host is what is shipped.</summary>
internal sealed class PipeEngine : IAsyncDisposable
{
    /// <summary>Of the engine's bounds, so that a flood of signals meets it soon.</summary>
    public const int KeptMessages = 8;

    private readonly ServiceProvider _provider;

    /// <summary>Makes an engine; it is not started.</summary>
    /// <param name="database">Where it keeps its state.</param>
    /// <param name="skew">How far its own clock is ahead.</param>
    /// <param name="world">The world.</param>
    /// <param name="edges">What it meets at its edges.</param>
    public PipeEngine(IPipeDatabase database, TimeSpan skew, PipeWorld world, PipeEdges edges)
    {
        Since = world.Now;
        Clock = new VirtualClock(skew);
        Clock.Set(Spans.Instant(world.Now));
        var services = new ServiceCollection();
        services.AddLogging(x => x.ClearProviders());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IRandomSource>(new PipeRandom(world.Rng));
        services.AddSingleton(new EngineLimits { KeptMessages = KeptMessages, DeliveryHold = TimeSpan.Zero });
        services.AddSingleton(new UnknownAnswerWait(TimeSpan.Zero));
        services.AddSingleton(new KeyRing(new SigningKey("k1", SHA256.HashData("simulation"u8))));
        services.AddSingleton<ReplyCatcher>();
        services.AddSingleton<IRawBus>(x => x.GetRequiredService<ReplyCatcher>());
        services.AddSingleton<AnswerGate>();
        services.AddSingleton<IOutgoingSender>(new PipeSender(edges));
        services.AddSingleton<IRinger>(new PipeRinger(edges));
        services.AddSagaFlow(flow =>
        {
            flow.AddWorkflow<ProgramMachine, ProgramInstance>(Programs.Type);
            database.AddTo(flow);
        });
        Wrap<IWorkflowStore>(services, x => new NemesisStore(x, edges));
        if (world.Plan.IsPortable)
        {
            Wrap<IAlarmStore>(services, x => new SteadyAlarms(x));
        }

        _provider = services.BuildServiceProvider();
    }

    public VirtualClock Clock { get; }

    /// <summary>When this life began.</summary>
    public long Since { get; }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    // The shipped service, with something before it.
    private static void Wrap<T>(ServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var shipped = services.Last(x => x.ServiceType == typeof(T)).ImplementationType!;
        services.AddSingleton(x => wrap((T)ActivatorUtilities.CreateInstance(x, shipped)));
    }

    private sealed class PipeRandom(Rng rng) : IRandomSource
    {
        public double NextDouble() => rng.NextDouble();
    }
}

/// <summary>The engine's process is gone.</summary>
internal sealed class SimulatedCrashException() : Exception("The engine dies here");

/// <summary>The database does not answer this time.</summary>
internal sealed class SimulatedErrorException() : Exception("The database is away");

/// <summary>Hands what the dispatcher sends to the world's broker.</summary>
internal sealed class PipeSender(PipeEdges edges) : IOutgoingSender
{
    public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        edges.Send(message);
        return Task.CompletedTask;
    }
}

/// <summary>Hands rings to the world's broker.</summary>
internal sealed class PipeRinger(PipeEdges edges) : IRinger
{
    public Task RingAsync(Ring ring, CancellationToken cancellationToken)
    {
        edges.Ring(ring);
        return Task.CompletedTask;
    }

    public Task RingAsync(WorkflowRing ring, CancellationToken cancellationToken)
    {
        edges.Ring(ring);
        return Task.CompletedTask;
    }
}
