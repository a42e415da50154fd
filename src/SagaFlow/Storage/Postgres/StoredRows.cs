using SagaFlow.Activities;

namespace SagaFlow.Storage.Postgres;

/// <summary>Reads rows as they are stored. Each list of columns stands beside the reading of them, in one order.</summary>
internal static class StoredRows
{
    public static readonly string Workflow = string.Join(", ", BatchTables.Workflows.Columns.Select(column => $"x.{column}"));

    public static readonly string Activity = string.Join(", ", BatchTables.Activities.Columns.Select(column => $"x.{column}"));

    public static readonly string Group = string.Join(", ", BatchTables.Groups.Columns.Select(column => $"x.{column}"));

    public const string Kept = "x.workflow_id, x.message_id, x.event_name, x.body, x.at";

    public const string Timer = "x.workflow_id, x.id, x.workflow_type, x.message_type, x.body, x.due_at, x.version, x.created_at";

    public const string Outgoing = "x.id, x.workflow_id, x.kind, x.destination, x.content_type, x.headers, x.body, x.created_at";

    public static WorkflowRecord ReadWorkflow(PostgresRow row) => new()
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
        HasTiedActivities = row.Flag(),
        Result = row.TextOrNull(),
        Failure = row.TextOrNull(),
        UpdatedAt = row.Instant(),
        ClosedAt = row.InstantOrNull(),
        DeadlineAt = row.InstantOrNull(),
        Waits = row.TextOrNull(),
        Run = row.TextOrNull(),
    };

    public static ActivityRecord ReadActivity(PostgresRow row) => ReadActivityRow(row).ToRecord();

    public static GroupRecord ReadGroup(PostgresRow row) => new()
    {
        WorkflowId = row.Id(),
        Id = row.Text(),
        Name = row.Text(),
        Members = row.Int(),
        Open = row.Int(),
        Failed = row.Int(),
        Needed = row.Int(),
        FailuresAllowed = row.Int(),
        Status = row.Name<GroupStatus>(),
        CreatedAt = row.Instant(),
    };

    public static KeptMessage ReadKept(PostgresRow row) => new(row.Id(), row.Id(), row.Text(), row.Text(), row.Instant());

    public static TimerRecord ReadTimer(PostgresRow row) => new(
        row.Id(), row.Id(), row.Text(), row.Text(), row.Text(), row.Instant(), row.Int(), row.Instant());

    public static OutgoingMessage ReadOutgoing(PostgresRow row) => new(
        row.Id(), row.Id(), row.Name<OutgoingKind>(), row.Text(), row.Text(), row.Text(), row.Bytes(), row.Instant());

    private static ActivityRow ReadActivityRow(PostgresRow row) => new()
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
        CancelRequested = row.Flag(),
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
