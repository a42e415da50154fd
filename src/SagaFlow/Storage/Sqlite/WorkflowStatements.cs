namespace SagaFlow.Storage.Sqlite;

/// <summary>Reads and writes rows of <c>workflow</c>. The version in the statement is the guard: a row that moved on is not touched.</summary>
internal static class WorkflowStatements
{
    private const string Table = TableNames.SqlitePrefix + TableNames.Workflow;

    private static readonly string InsertText = $"{StatementText.Insert(Table, StoredRows.Workflow)} on conflict (id) do nothing";

    private static readonly string UpdateText =
        $"update {Table} set {StatementText.Assign(StoredRows.WorkflowChanging)} where id = ${StoredRows.WorkflowChanging.Length + 1} and version = ${StoredRows.WorkflowChanging.Length + 2}";

    private static readonly string SelectText = $"select {StatementText.List(StoredRows.Workflow)} from {Table} where id = $1";

    /// <summary>Writes the row; <see langword="false"/> when it has another version than expected.</summary>
    public static bool Write(SqliteSession session, WorkflowRecord record)
    {
        var changing = ChangingValues(record);
        return record.Version == 0
            ? session.Execute(InsertText, [.. FixedValues(record), .. changing]) == 1
            : session.Execute(UpdateText, [.. changing, SqliteValues.Text(record.Id), record.Version]) == 1;
    }

    public static WorkflowRecord? Find(SqliteSession session, Guid workflowId) =>
        session.Query(SelectText, StoredRows.ReadWorkflow, SqliteValues.Text(workflowId)) is [var record] ? record : null;

    private static object?[] FixedValues(WorkflowRecord record) =>
        [SqliteValues.Text(record.Id), record.Type, record.BusinessKey, record.InputHash, SqliteValues.Text(record.CreatedAt)];

    private static object?[] ChangingValues(WorkflowRecord record) =>
    [
        record.Version + 1, record.State, record.Status.ToString(), record.DefinitionVersion, record.Document,
        record.ActivityCounts, record.HasTiedActivities, record.Result, record.Failure,
        SqliteValues.Text(record.UpdatedAt), SqliteValues.Text(record.ClosedAt), SqliteValues.Text(record.DeadlineAt),
        record.Waits, record.Run,
    ];
}
