using SagaFlow.Activities;
using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Reads and writes rows of <c>activity</c>. The version in the statement is the guard: a row that moved on is not touched.</summary>
internal static class ActivityStatements
{
    private const string Table = TableNames.SqlitePrefix + TableNames.Activity;

    private static readonly string Columns = StatementText.List(StoredRows.Activity);

    private static readonly string InsertText =
        $"{StatementText.Insert(Table, StoredRows.Activity)} on conflict (workflow_id, id) do nothing";

    // A ring that is on its way stands for the deadline it was made for; another deadline may ring at once.
    private static readonly string UpdateText = $"""
        update {Table} set {StatementText.Assign(StoredRows.ActivityChanging)},
            ring_after = case when due_version = ${StoredRows.ActivityChanging.Length} then ring_after end
        where workflow_id = ${StoredRows.ActivityChanging.Length + 1} and id = ${StoredRows.ActivityChanging.Length + 2} and version = ${StoredRows.ActivityChanging.Length + 3}
        """;

    private static readonly string SelectOneText = $"select {Columns} from {Table} where workflow_id = $1 and id = $2";

    private static readonly string SelectOpenText =
        $"select {Columns} from {Table} where workflow_id = $1 and status in ('Scheduled', 'Started', 'BackingOff') order by rowid";

    private static readonly string SelectMembersText =
        $"select {Columns} from {Table} where workflow_id = $1 and group_id = $2 order by rowid";

    /// <summary>Writes the row; <see langword="false"/> when it has another version than expected.</summary>
    public static bool Write(SqliteSession session, ActivityRecord record)
    {
        var row = ActivityRow.From(record);
        var changing = ChangingValues(row);
        if (Mutants.On(Mutant.ActivityVersionUnchecked) && row.Version > 0)
        {
            session.Execute(UpdateText, [.. changing, SqliteValues.Text(row.WorkflowId), row.Id, Find(session, row.WorkflowId, row.Id)!.Version]);
            return true;
        }

        return row.Version == 0
            ? session.Execute(InsertText, [.. FixedValues(row), .. changing]) == 1
            : session.Execute(UpdateText, [.. changing, SqliteValues.Text(row.WorkflowId), row.Id, row.Version]) == 1;
    }

    public static ActivityRecord? Find(SqliteSession session, Guid workflowId, string activityId) =>
        session.Query(SelectOneText, StoredRows.ReadActivity, SqliteValues.Text(workflowId), activityId) is [var record] ? record : null;

    /// <summary>Reads a workflow's activities that are not closed, in the order in which they were scheduled.</summary>
    public static IReadOnlyList<ActivityRecord> FindOpen(SqliteSession session, Guid workflowId) =>
        session.Query(SelectOpenText, StoredRows.ReadActivity, SqliteValues.Text(workflowId));

    /// <summary>Reads a group's members, open and closed, in the order in which they were scheduled.</summary>
    public static IReadOnlyList<ActivityRecord> FindMembers(SqliteSession session, Guid workflowId, string groupId) =>
        session.Query(SelectMembersText, StoredRows.ReadActivity, SqliteValues.Text(workflowId), groupId);

    private static object?[] FixedValues(ActivityRow row) =>
    [
        SqliteValues.Text(row.WorkflowId), row.Id, row.Name, row.WorkflowType, row.GroupId, row.EndsWith, row.TaskQueue,
        row.TokenScope.ToString(), row.Policy, row.Arguments, SqliteValues.Text(row.ScheduledAt),
    ];

    private static object?[] ChangingValues(ActivityRow row) =>
    [
        row.Version + 1, row.Status.ToString(), row.Attempt, row.ReleasedCount, SqliteValues.Text(row.AttemptScheduledAt),
        SqliteValues.Text(row.StartedAt), row.ClaimId, SqliteValues.Text(row.LastHeartbeatAt), row.HeartbeatSequence, row.Checkpoint,
        row.CancelRequested, row.CancelReason, SqliteValues.Text(row.GraceUntil), row.ClosedAttempts, row.Result, row.Failure,
        row.TimeoutType?.ToString(), SqliteValues.Text(row.ClosedAt), SqliteValues.Text(row.DueAt), row.DueKind?.ToString(), row.DueVersion,
    ];
}
