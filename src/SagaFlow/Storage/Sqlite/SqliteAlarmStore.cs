using SagaFlow.Activities;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Hands out deadlines that are due. The claim is one statement, so that no ring goes to two.</summary>
internal sealed class SqliteAlarmStore(SqliteDatabase database) : IAlarmStore
{
    private const string Table = TableNames.SqlitePrefix + TableNames.Activity;
    private const string Workflows = TableNames.SqlitePrefix + TableNames.Workflow;

    /// <summary>The claim; $1 = now, $2 = when it may ring again, $3 = how many at most.</summary>
    public const string ClaimText = $"""
        update {Table} set ring_after = $2
        where rowid in (
            select rowid from {Table} where due_at <= $1 and (ring_after is null or ring_after <= $1) order by due_at limit $3)
        returning workflow_id, id, workflow_type, attempt, due_at, due_kind, due_version
        """;

    /// <summary>The claim of workflows; its parameters are those of <see cref="ClaimText"/>.</summary>
    public const string ClaimWorkflowsText = $"""
        update {Workflows} set ring_after = $2
        where rowid in (
            select rowid from {Workflows}
            where status = 'Running' and deadline_at <= $1 and (ring_after is null or ring_after <= $1) order by deadline_at limit $3)
        returning id, deadline_at
        """;

    /// <summary>The earliest deadline of a workflow that does not ring yet.</summary>
    public const string NextWorkflowText =
        $"select deadline_at from {Workflows} where status = 'Running' and deadline_at is not null and ring_after is null order by deadline_at limit 1";

    /// <summary>The earliest deadline of an activity that does not ring yet.</summary>
    public const string NextText =
        $"select due_at from {Table} where due_at is not null and ring_after is null order by due_at limit 1";

    public async Task<IReadOnlyList<DueRing>> ClaimDueAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken)
    {
        var rings = await database.Writer.WriteAsync(
            session => session.Query(ClaimText, Read, SqliteValues.Text(now), SqliteValues.Text(ringAgainAt), limit), cancellationToken);

        // An update returns its rows in no order of its own.
        return [.. rings.OrderBy(ring => ring.Due.At)];
    }

    public async Task<IReadOnlyList<DueWorkflow>> ClaimDueWorkflowsAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken)
    {
        var due = await database.Writer.WriteAsync(
            session => session.Query(
                ClaimWorkflowsText, row => new DueWorkflow(row.Id(), row.Instant()), SqliteValues.Text(now), SqliteValues.Text(ringAgainAt), limit),
            cancellationToken);
        return [.. due.OrderBy(x => x.DeadlineAt)];
    }

    public async Task<IReadOnlyList<DueTimer>> ClaimDueTimersAsync(
        DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken)
    {
        var due = await database.Writer.WriteAsync(session => TimerStatements.Claim(session, now, ringAgainAt, limit), cancellationToken);
        return [.. due.OrderBy(timer => timer.DueAt)];
    }

    public Task<int> PostponeTimersAsync(DateTimeOffset since, DateTimeOffset until, DateTimeOffset to, CancellationToken cancellationToken) =>
        database.Writer.WriteAsync(session => TimerStatements.Postpone(session, since, until, to), cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var next = database.Readers.Read(session => (List<DateTimeOffset>)[
            .. session.Query(NextText, row => row.Instant()),
            .. session.Query(NextWorkflowText, row => row.Instant()),
            .. session.Query(TimerStatements.NextText, row => row.Instant()),
        ]);
        return Task.FromResult<DateTimeOffset?>(next.Count == 0 ? null : next.Min());
    }

    private static DueRing Read(SqliteRow row) => new(
        row.Id(), row.Text(), row.Text(), row.Int(), new Deadline(row.Instant(), row.Name<DeadlineKind>(), row.Int()));
}
