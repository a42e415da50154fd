using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Dispatch;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;
using SagaFlow.Storage.Sqlite;
using SagaFlow.Testing;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Pipe;

/// <summary>One life of the real engine on an SQLite file: everything but its clock, its dice, its bus and its host is what is shipped.</summary>
internal sealed class PipeEngine : IAsyncDisposable
{
    /// <summary>Of the engine's bounds, so that a flood of signals meets it soon.</summary>
    public const int KeptMessages = 8;

    private readonly ServiceProvider _provider;

    public PipeEngine(string file, long now, Rng rng, IPipeWorld world)
    {
        Since = now;
        Clock = new HarnessClock(Spans.Instant(now));
        var services = new ServiceCollection();
        services.AddLogging(x => x.ClearProviders());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IRandomSource>(new PipeRandom(rng));
        services.AddSingleton(new EngineLimits { KeptMessages = KeptMessages, DeliveryRetries = 0 });
        services.AddSingleton(new UnknownAnswerWait(TimeSpan.Zero));
        services.AddSingleton(new KeyRing(new SigningKey("k1", SHA256.HashData("simulation"u8))));
        services.AddSingleton<ReplyCatcher>();
        services.AddSingleton<IRawBus>(x => x.GetRequiredService<ReplyCatcher>());
        services.AddSingleton<AnswerGate>();
        services.AddSingleton<IOutgoingSender>(new PipeSender(world));
        services.AddSingleton<IRinger>(new PipeRinger(world));
        services.AddSagaFlow(flow =>
        {
            flow.AddWorkflow<ProgramMachine, ProgramInstance>(Programs.Type);
            flow.UseSqlite(file).RelaxDurability();
        });
        services.AddSingleton<IWorkflowStore>(x => new NemesisStore(ActivatorUtilities.CreateInstance<SqliteWorkflowStore>(x), world));
        _provider = services.BuildServiceProvider();
    }

    public HarnessClock Clock { get; }

    /// <summary>When this life began.</summary>
    public long Since { get; }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private sealed class PipeRandom(Rng rng) : IRandomSource
    {
        public double NextDouble() => rng.NextDouble();
    }
}

/// <summary>What the engine's edges ask of the world.</summary>
internal interface IPipeWorld
{
    /// <summary>Before a change set is committed: <see langword="false"/> lets it lose to another one that was first.</summary>
    bool BeforeCommit(ChangeSet changes);

    Task AfterCommitAsync(IWorkflowStore store, ChangeSet changes);

    void Send(OutgoingMessage message);

    void Ring(Ring ring);

    void Ring(WorkflowRing ring);
}

/// <summary>The engine's process is gone.</summary>
internal sealed class SimulatedCrashException() : Exception("The engine dies here");

/// <summary>The database does not answer this time.</summary>
internal sealed class SimulatedErrorException() : Exception("The database is away");

/// <summary>The real store with the nemesis before and the oracle behind it.</summary>
internal sealed class NemesisStore(IWorkflowStore inner, IPipeWorld world) : IWorkflowStore
{
    public Task<IReadOnlyList<Loaded>> LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken) =>
        inner.LoadAsync(keys, cancellationToken);

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<ChangeSet> changeSets, CancellationToken cancellationToken)
    {
        var changes = changeSets.Single();
        if (!world.BeforeCommit(changes))
        {
            return [CommitResult.Conflict];
        }

        var results = await inner.CommitAsync(changeSets, cancellationToken);
        if (results[0] is CommitResult.Committed or CommitResult.CommittedAndMet)
        {
            await world.AfterCommitAsync(inner, changes);
        }

        return results;
    }

    public async Task<CommitResult> RunLockedAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken)
    {
        ChangeSet? changes = null;
        var result = await inner.RunLockedAsync(key, async loaded => changes = await decide(loaded), cancellationToken);
        if (changes is not null && result is CommitResult.Committed or CommitResult.CommittedAndMet)
        {
            await world.AfterCommitAsync(inner, changes!);
        }

        return result;
    }
}

/// <summary>Hands what the dispatcher sends to the world's broker.</summary>
internal sealed class PipeSender(IPipeWorld world) : IOutgoingSender
{
    public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        world.Send(message);
        return Task.CompletedTask;
    }
}

/// <summary>Hands rings to the world's broker.</summary>
internal sealed class PipeRinger(IPipeWorld world) : IRinger
{
    public Task RingAsync(Ring ring, CancellationToken cancellationToken)
    {
        world.Ring(ring);
        return Task.CompletedTask;
    }

    public Task RingAsync(WorkflowRing ring, CancellationToken cancellationToken)
    {
        world.Ring(ring);
        return Task.CompletedTask;
    }
}
