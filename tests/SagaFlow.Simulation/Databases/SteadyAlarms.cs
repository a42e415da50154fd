using SagaFlow.Storage;

namespace SagaFlow.Simulation.Databases;

/// <summary>Lets what is due at one instant ring in the order of its names: a database may hand it out in any.</summary>
internal sealed class SteadyAlarms(IAlarmStore inner) : IAlarmStore
{
    public async Task<IReadOnlyList<DueRing>> ClaimDueAsync(DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken) =>
        [.. (await inner.ClaimDueAsync(now, ringAgainAt, limit, cancellationToken))
            .OrderBy(x => x.Due.At).ThenBy(x => x.WorkflowId).ThenBy(x => x.ActivityId, StringComparer.Ordinal)];

    public async Task<IReadOnlyList<DueWorkflow>> ClaimDueWorkflowsAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken) =>
        [.. (await inner.ClaimDueWorkflowsAsync(now, ringAgainAt, limit, cancellationToken)).OrderBy(x => x.DeadlineAt).ThenBy(x => x.WorkflowId)];

    public async Task<IReadOnlyList<DueTimer>> ClaimDueTimersAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken) =>
        [.. (await inner.ClaimDueTimersAsync(now, ringAgainAt, limit, cancellationToken)).OrderBy(x => x.DueAt).ThenBy(x => x.WorkflowId).ThenBy(x => x.TimerId)];

    public Task<int> PostponeTimersAsync(DateTimeOffset since, DateTimeOffset until, DateTimeOffset to, CancellationToken cancellationToken) =>
        inner.PostponeTimersAsync(since, until, to, cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => inner.NextDueAsync(cancellationToken);
}
