using SagaFlow.Activities;
using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Reads and writes rows of <c>activity</c>. The version in the statement is the guard: a row that moved on is not touched.</summary>
internal static class ActivityStatements
{
    private const string Table = TableNames.SqlitePrefix + TableNames.Activity;

    private static readonly string[] Fixed =
    [
        "workflow_id", "id", "name", "workflow_type", "group_id", "ends_with", "task_queue", "token_scope", "policy", "arguments", "scheduled_at",
    ];

    // due_version is the last one: the update names it again.
    private static readonly string[] Changing =
    [
        "version", "status", "attempt", "released_count", "attempt_scheduled_at", "started_at", "claim_id", "last_heartbeat_at",
        "heartbeat_sequence", "checkpoint", "cancel_requested", "cancel_reason", "grace_until", "closed_attempts", "result", "failure",
        "timeout_type", "closed_at", "due_at", "due_kind", "due_version",
    ];

    private static readonly string Columns = StatementText.List([.. Fixed, .. Changing]);

    private static readonly string InsertText =
        $"{StatementText.Insert(Table, [.. Fixed, .. Changing])} on conflict (workflow_id, id) do nothing";

    // A ring that is on its way stands for the deadline it was made for; another deadline may ring at once.
    private static readonly string UpdateText = $"""
        update {Table} set {StatementText.Assign(Changing)},
            ring_after = case when due_version = ${Changing.Length} then ring_after end
        where workflow_id = ${Changing.Length + 1} and id = ${Changing.Length + 2} and version = ${Changing.Length + 3}
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
        if (EngineMutants.On(EngineMutant.ActivityVersionUnchecked) && row.Version > 0)
        {
            session.Execute(UpdateText, [.. changing, SqliteValues.Text(row.WorkflowId), row.Id, Find(session, row.WorkflowId, row.Id)!.Version]);
            return true;
        }

        return row.Version == 0
            ? session.Execute(InsertText, [.. FixedValues(row), .. changing]) == 1
            : session.Execute(UpdateText, [.. changing, SqliteValues.Text(row.WorkflowId), row.Id, row.Version]) == 1;
    }

    public static ActivityRecord? Find(SqliteSession session, Guid workflowId, string activityId) =>
        session.Query(SelectOneText, Read, SqliteValues.Text(workflowId), activityId) is [var row] ? row.ToRecord() : null;

    /// <summary>Reads a workflow's activities that are not closed, in the order in which they were scheduled.</summary>
    public static IReadOnlyList<ActivityRecord> FindOpen(SqliteSession session, Guid workflowId) =>
        session.Query(SelectOpenText, row => Read(row).ToRecord(), SqliteValues.Text(workflowId));

    /// <summary>Reads a group's members, open and closed, in the order in which they were scheduled.</summary>
    public static IReadOnlyList<ActivityRecord> FindMembers(SqliteSession session, Guid workflowId, string groupId) =>
        session.Query(SelectMembersText, row => Read(row).ToRecord(), SqliteValues.Text(workflowId), groupId);

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

    // The initialisers run in this order, which is the order of the columns.
    private static ActivityRow Read(SqliteRow row) => new()
    {
        WorkflowId = row.Id(),
        Id = row.Text(),
        Name = row.Text(),
        WorkflowType = row.Text(),
        GroupId = row.TextOrNull(),
        EndsWith = row.TextOrNull(),
        TaskQueue = row.Text(),
        TokenScope = row.Name<TokenScope>(),
        Policy = row.Text(),
        Arguments = row.Text(),
        ScheduledAt = row.Instant(),
        Version = row.Int(),
        Status = row.Name<ActivityStatus>(),
        Attempt = row.Int(),
        ReleasedCount = row.Int(),
        AttemptScheduledAt = row.Instant(),
        StartedAt = row.InstantOrNull(),
        ClaimId = row.TextOrNull(),
        LastHeartbeatAt = row.InstantOrNull(),
        HeartbeatSequence = row.LongOrNull(),
        Checkpoint = row.TextOrNull(),
        CancelRequested = row.Bool(),
        CancelReason = row.TextOrNull(),
        GraceUntil = row.InstantOrNull(),
        ClosedAttempts = row.Text(),
        Result = row.TextOrNull(),
        Failure = row.TextOrNull(),
        TimeoutType = row.NameOrNull<TimeoutType>(),
        ClosedAt = row.InstantOrNull(),
        DueAt = row.InstantOrNull(),
        DueKind = row.NameOrNull<DeadlineKind>(),
        DueVersion = row.Int(),
    };
}
