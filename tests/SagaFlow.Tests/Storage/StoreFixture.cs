using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

/// <summary>A prepared store in a database of its own, for any test that needs one.</summary>
internal abstract class StoreFixture : IAsyncDisposable
{
    public abstract IWorkflowStore Store { get; }
    public abstract IWorkflowReader Reader { get; }
    public abstract IAlarmStore Alarms { get; }
    public abstract IOutbox Outbox { get; }
    public abstract IQuarantine Quarantine { get; }
    public abstract IEngineRegister Engines { get; }
    public abstract IStoreSchema Schema { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes commits take until the answer is disposed, or for a while.</summary>
    public abstract Task<IAsyncDisposable> HoldUpCommitsAsync();

    public async Task<CommitResult> CommitAsync(ChangeSet changeSet) => (await Store.CommitAsync([changeSet], default))[0];

    public async Task<Loaded> LoadAsync(LoadKey key) => (await Store.LoadAsync([key], default))[0];

    public async Task<WorkflowRecord?> FindAsync(Guid workflowId) => (await LoadAsync(new LoadKey(workflowId) { Workflow = true })).Workflow;

    public async Task<ActivityRecord?> FindAsync(Guid workflowId, string activityId) =>
        (await LoadAsync(new LoadKey(workflowId) { ActivityId = activityId })).Activity;

    public Task<IReadOnlyList<HistoryEvent>> HistoryAsync(Guid workflowId) => Reader.ReadHistoryAsync(workflowId, 0, 10_000, default);

    public Task<IReadOnlyList<OutgoingMessage>> OutgoingAsync() => Outbox.ReadUnconfirmedAsync(DateTimeOffset.MaxValue, 10_000, default);
}
