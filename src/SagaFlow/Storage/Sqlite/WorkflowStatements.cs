namespace SagaFlow.Storage.Sqlite;

/// <summary>Reads and writes rows of <c>workflow</c>. The version in the statement is the guard: a row that moved on is not touched.</summary>
internal static class WorkflowStatements
{
    private const string Table = TableNames.SqlitePrefix + TableNames.Workflow;

    private static readonly string[] Fixed = ["id", "type", "business_key", "input_hash", "created_at"];

    private static readonly string[] Changing =
    [
        "version", "state", "status", "definition_version", "document", "activity_counts", "has_tied_activities", "result", "failure",
        "updated_at", "closed_at", "deadline_at", "waits", "run",
    ];

    private static readonly string InsertText = $"{StatementText.Insert(Table, [.. Fixed, .. Changing])} on conflict (id) do nothing";

    private static readonly string UpdateText =
        $"update {Table} set {StatementText.Assign(Changing)} where id = ${Changing.Length + 1} and version = ${Changing.Length + 2}";

    private static readonly string SelectText = $"select {StatementText.List([.. Fixed, .. Changing])} from {Table} where id = $1";

    /// <summary>Writes the row; <see langword="false"/> when it has another version than expected.</summary>
    public static bool Write(SqliteSession session, WorkflowRecord record)
    {
        var changing = ChangingValues(record);
        return record.Version == 0
            ? session.Execute(InsertText, [.. FixedValues(record), .. changing]) == 1
            : session.Execute(UpdateText, [.. changing, SqliteValues.Text(record.Id), record.Version]) == 1;
    }

    public static WorkflowRecord? Find(SqliteSession session, Guid workflowId) =>
        session.Query(SelectText, Read, SqliteValues.Text(workflowId)) is [var record] ? record : null;

    private static object?[] FixedValues(WorkflowRecord record) =>
        [SqliteValues.Text(record.Id), record.Type, record.BusinessKey, record.InputHash, SqliteValues.Text(record.CreatedAt)];

    private static object?[] ChangingValues(WorkflowRecord record) =>
    [
        record.Version + 1, record.State, record.Status.ToString(), record.DefinitionVersion, record.Document,
        record.ActivityCounts, record.HasTiedActivities, record.Result, record.Failure,
        SqliteValues.Text(record.UpdatedAt), SqliteValues.Text(record.ClosedAt), SqliteValues.Text(record.DeadlineAt),
        record.Waits, record.Run,
    ];

    // The initialisers run in this order, which is the order of the columns.
    private static WorkflowRecord Read(SqliteRow row) => new()
    {
        Id = row.Id(),
        Type = row.Text(),
        BusinessKey = row.Text(),
        InputHash = row.Text(),
        CreatedAt = row.Instant(),
        Version = row.Int(),
        State = row.Text(),
        Status = row.Name<WorkflowStatus>(),
        DefinitionVersion = row.Int(),
        Document = row.Text(),
        ActivityCounts = row.Text(),
        HasTiedActivities = row.Bool(),
        Result = row.TextOrNull(),
        Failure = row.TextOrNull(),
        UpdatedAt = row.Instant(),
        ClosedAt = row.InstantOrNull(),
        DeadlineAt = row.InstantOrNull(),
        Waits = row.TextOrNull(),
        Run = row.TextOrNull(),
    };
}
