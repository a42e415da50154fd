using SagaFlow.Activities;

namespace SagaFlow.Storage.Postgres;

/// <summary>Hands out deadlines that are due. Engines that ask at once pass over each other's rows, so that no ring goes to two.</summary>
internal sealed class PostgresAlarmStore(PostgresDatabase database) : IAlarmStore
{
    private readonly AlarmStatements _statements = new(database.Schema);

    public async Task<IReadOnlyList<DueRing>> ClaimDueAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken)
    {
        var rings = await database.QueryAsync(
            AlarmStatements.InOrder,
            _statements.Claim,
            row => new DueRing(
                row.Id(), row.Text(), row.Text(), row.Int(), new Deadline(row.Instant(), row.Name<DeadlineKind>(), row.Int())),
            cancellationToken,
            now, ringAgainAt, limit);

        // An update returns its rows in no order of its own.
        return [.. rings.OrderBy(ring => ring.Due.At)];
    }

    public async Task<IReadOnlyList<DueWorkflow>> ClaimDueWorkflowsAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken)
    {
        var due = await database.QueryAsync(
            AlarmStatements.InOrder,
            _statements.ClaimWorkflows,
            row => new DueWorkflow(row.Id(), row.Instant()),
            cancellationToken,
            now, ringAgainAt, limit);
        return [.. due.OrderBy(workflow => workflow.DeadlineAt)];
    }

    public async Task<IReadOnlyList<DueTimer>> ClaimDueTimersAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken)
    {
        var due = await database.QueryAsync(
            AlarmStatements.InOrder,
            _statements.ClaimTimers,
            row => new DueTimer(row.Id(), row.Id(), row.Instant(), row.Int()),
            cancellationToken,
            now, ringAgainAt, limit);
        return [.. due.OrderBy(timer => timer.DueAt)];
    }

    public Task<int> PostponeTimersAsync(DateTimeOffset since, DateTimeOffset until, DateTimeOffset to, CancellationToken cancellationToken) =>
        database.ExecuteAsync(_statements.PostponeTimers, cancellationToken, since, until, to);

    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync(AlarmStatements.InOrder, _statements.Next, row => row.InstantOrNull(), cancellationToken))[0];
}
