namespace SagaFlow.Storage.Sqlite;

/// <summary>Reads and writes rows of <c>timer</c>. The version of the workflow's row guards them.</summary>
internal static class TimerStatements
{
    private const string Table = TableNames.SqlitePrefix + TableNames.Timer;

    /// <summary>The claim; $1 = now, $2 = when it may ring again, $3 = how many at most.</summary>
    public const string ClaimText = $"""
        update {Table} set ring_after = $2
        where rowid in (
            select rowid from {Table} where due_at <= $1 and (ring_after is null or ring_after <= $1) order by due_at limit $3)
        returning workflow_id, id, due_at, version
        """;

    /// <summary>The earliest timer that does not ring yet.</summary>
    public const string NextText = $"select due_at from {Table} where ring_after is null order by due_at limit 1";

    private static readonly string InsertText = StatementText.Insert(Table, StoredRows.Timer);

    public static void Insert(SqliteSession session, TimerRecord timer) => session.Execute(
        InsertText,
        SqliteValues.Text(timer.WorkflowId), SqliteValues.Text(timer.Id), timer.WorkflowType, timer.MessageType, timer.Body,
        SqliteValues.Text(timer.DueAt), timer.Version, SqliteValues.Text(timer.CreatedAt));

    public static void Delete(SqliteSession session, Guid workflowId, Guid timerId) => session.Execute(
        $"delete from {Table} where workflow_id = $1 and id = $2", SqliteValues.Text(workflowId), SqliteValues.Text(timerId));

    public static void DeleteAll(SqliteSession session, Guid workflowId) =>
        session.Execute($"delete from {Table} where workflow_id = $1", SqliteValues.Text(workflowId));

    public static TimerRecord? Find(SqliteSession session, Guid workflowId, Guid timerId) => session.Query(
        $"select {StatementText.List(StoredRows.Timer)} from {Table} where workflow_id = $1 and id = $2",
        StoredRows.ReadTimer,
        SqliteValues.Text(workflowId), SqliteValues.Text(timerId)) is [var timer] ? timer : null;

    public static List<DueTimer> Claim(SqliteSession session, DateTimeOffset now, DateTimeOffset ringAgainAt, int limit) => session.Query(
        ClaimText,
        row => new DueTimer(row.Id(), row.Id(), row.Instant(), row.Int()),
        SqliteValues.Text(now), SqliteValues.Text(ringAgainAt), limit);

    public static int Postpone(SqliteSession session, DateTimeOffset since, DateTimeOffset until, DateTimeOffset to) => session.Execute(
        $"update {Table} set due_at = $3, ring_after = null where due_at > $1 and due_at <= $2",
        SqliteValues.Text(since), SqliteValues.Text(until), SqliteValues.Text(to));
}
