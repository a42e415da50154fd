using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

/// <summary>What every store must do. Each database inherits it with a fixture of its own.</summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    private protected StoreFixture Flow { get; private set; } = null!;

    public async Task InitializeAsync() => Flow = await CreateFixtureAsync();

    public async Task DisposeAsync() => await Flow.DisposeAsync();

    private protected abstract Task<StoreFixture> CreateFixtureAsync();

    private async Task StartAsync(Guid id) => Assert.Equal(CommitResult.Committed, await Flow.CommitAsync(Records.Start(id)));

    private async Task<WorkflowRecord> StoredAsync(Guid id) => await Flow.FindAsync(id) ?? throw new InvalidOperationException($"No workflow {id}");

    private async Task<ActivityRecord> StoredAsync(Guid id, string activityId) =>
        await Flow.FindAsync(id, activityId) ?? throw new InvalidOperationException($"No activity {activityId} of {id}");
}
