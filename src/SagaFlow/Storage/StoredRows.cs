using SagaFlow.Activities;

namespace SagaFlow.Storage;

/// <summary>The columns of each table, and how a row of them is read. The initialisers run in the order of the columns.</summary>
internal static class StoredRows
{
    /// <summary>What a workflow's row keeps from its start on.</summary>
    public static readonly string[] WorkflowFixed = ["id", "type", "business_key", "input_hash", "created_at"];

    public static readonly string[] WorkflowChanging =
    [
        "version", "state", "status", "definition_version", "document", "activity_counts", "has_tied_activities", "result", "failure",
        "updated_at", "closed_at", "deadline_at", "waits", "run",
    ];

    /// <summary>What an activity's row keeps from its start on.</summary>
    public static readonly string[] ActivityFixed =
    [
        "workflow_id", "id", "name", "workflow_type", "group_id", "ends_with", "task_queue", "token_scope", "policy", "arguments", "scheduled_at",
    ];

    // due_version is the last one: a statement may name its parameter again.
    public static readonly string[] ActivityChanging =
    [
        "version", "status", "attempt", "released_count", "attempt_scheduled_at", "started_at", "claim_id", "last_heartbeat_at",
        "heartbeat_sequence", "checkpoint", "cancel_requested", "cancel_reason", "grace_until", "closed_attempts", "result", "failure",
        "timeout_type", "closed_at", "due_at", "due_kind", "due_version",
    ];

    public static readonly string[] Workflow = [.. WorkflowFixed, .. WorkflowChanging];

    public static readonly string[] Activity = [.. ActivityFixed, .. ActivityChanging];

    public static readonly string[] Group =
        ["workflow_id", "id", "name", "members", "open", "failed", "needed", "failures_allowed", "status", "created_at"];

    public static readonly string[] Kept = ["workflow_id", "message_id", "event_name", "body", "at"];

    public static readonly string[] Timer = ["workflow_id", "id", "workflow_type", "message_type", "body", "due_at", "version", "created_at"];

    public static readonly string[] Outgoing = ["id", "workflow_id", "kind", "destination", "content_type", "headers", "body", "created_at"];

    public static WorkflowRecord ReadWorkflow(StoredRow row) => new()
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

    public static ActivityRecord ReadActivity(StoredRow row) => ReadActivityRow(row).ToRecord();

    public static GroupRecord ReadGroup(StoredRow row) => new()
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

    public static KeptMessage ReadKept(StoredRow row) => new(row.Id(), row.Id(), row.Text(), row.Text(), row.Instant());

    public static TimerRecord ReadTimer(StoredRow row) => new(
        row.Id(), row.Id(), row.Text(), row.Text(), row.Text(), row.Instant(), row.Int(), row.Instant());

    public static OutgoingMessage ReadOutgoing(StoredRow row) => new(
        row.Id(), row.Id(), row.Name<OutgoingKind>(), row.Text(), row.Text(), row.Text(), row.Bytes(), row.Instant());

    private static ActivityRow ReadActivityRow(StoredRow row) => new()
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
