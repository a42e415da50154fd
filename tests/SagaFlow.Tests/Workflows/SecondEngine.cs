using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>A second engine on an engine's database, as if in another process: it takes no turns with the first one, so that what
/// both have loaded meets in the database. A test says what happens between its load and its commit.</summary>
internal sealed class SecondEngine : IWorkflowStore
{
    private readonly IServiceProvider _services;
    private readonly IWorkflowStore _store;
    private readonly TurnRunner _runner;
    private readonly WorkflowEngine _engine;
    private readonly WorkflowRegistry _registry;

    /// <param name="services">What the first engine is made of.</param>
    public SecondEngine(IServiceProvider services)
    {
        _services = services;
        _store = Get<IWorkflowStore>();
        _registry = Get<WorkflowRegistry>();
        _runner = new TurnRunner(
            this,
            new KeyLocks(),
            Get<TurnServices>(),
            Get<TimeProvider>(),
            Get<IEnumerable<ICommitListener>>(),
            NullLogger<TurnRunner>.Instance);
        _engine = new WorkflowEngine(_runner, _registry, new EngineLimits(), Get<IRandomSource>());
    }

    /// <summary>Gets or sets what happens once, when the next change set is ready and before it is committed.</summary>
    public Func<Task>? BeforeCommit { get; set; }

    public int Conflicts { get; private set; }

    public Task<Receipt> AnswerAsync(ActivityAnswer answer) => new AnswerIngress(
        Get<TokenVerifier>(),
        _engine,
        _registry,
        Get<UnheardHeartbeats>(),
        Get<TimeProvider>(),
        Get<EngineMetrics>(),
        NullLogger<AnswerIngress>.Instance).AcceptAsync(answer, default);

    public Task<Receipt> StartAsync(string type, string message) =>
        new StartIngress(_engine, _registry, NullLogger<StartIngress>.Instance).StartAsync(type, message, null, default);

    public Task<Receipt> CancelAsync(Guid workflowId) => new WorkflowEnding(_runner).CancelAsync(workflowId, "not needed", default);

    /// <summary>Rings the deadline that is armed now.</summary>
    public async Task<Receipt> RingAsync(Guid workflowId, string activityId)
    {
        var loaded = await _store.LoadAsync([new LoadKey(workflowId) { ActivityId = activityId }], default);
        var state = loaded[0].Activity!.State;
        return await RingAsync(workflowId, activityId, new ActivityEvent.Ring(state.Attempt, state.Due!.Kind, state.Due.Version));
    }

    public Task<Receipt> RingAsync(Guid workflowId, string activityId, ActivityEvent.Ring ring) => _engine.ApplyAsync(workflowId, activityId, ring, default);

    Task<IReadOnlyList<Loaded>> IWorkflowStore.LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken) =>
        _store.LoadAsync(keys, cancellationToken);

    async Task<IReadOnlyList<CommitResult>> IWorkflowStore.CommitAsync(IReadOnlyList<ChangeSet> changeSets, CancellationToken cancellationToken)
    {
        var before = BeforeCommit;
        BeforeCommit = null;
        await (before?.Invoke() ?? Task.CompletedTask);
        var results = await _store.CommitAsync(changeSets, cancellationToken);
        Conflicts += results.Count(x => x is CommitResult.Conflict);
        return results;
    }

    Task<CommitResult> IWorkflowStore.RunLockedAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken) =>
        _store.RunLockedAsync(key, decide, cancellationToken);

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
