namespace SagaFlow.Storage.Postgres;

/// <summary>The columns that a batch writes. The version of a row is the one that was loaded.</summary>
internal static class BatchTables
{
    public static readonly BatchTable<Candidate> Candidates = new(
        "c",
        rows => rows.Candidates,
        Lanes<Candidate>.Text("endpoint", x => x.Inbox?.Key.Endpoint),
        Lanes<Candidate>.IdOrNull("workflow_id", x => x.Inbox?.Key.WorkflowId),
        Lanes<Candidate>.IdOrNull("message_id", x => x.Inbox?.Key.MessageId),
        Lanes<Candidate>.Text("body_hash", x => x.Inbox?.BodyHash),
        Lanes<Candidate>.InstantOrNull("at", x => x.Inbox?.At),
        Lanes<Candidate>.IdOrNull("ends_timers_of", x => x.EndsTimersOf),
        Lanes<Candidate>.IdOrNull("ends_groups_of", x => x.EndsGroupsOf),
        Lanes<Candidate>.Flag("meets_own_group", x => x.MeetsOwnGroup));

    public static readonly BatchTable<WorkflowRecord> Workflows = new(
        "w",
        rows => rows.Workflows,
        Lanes<WorkflowRecord>.Id("id", x => x.Id),
        Lanes<WorkflowRecord>.Text("type", x => x.Type),
        Lanes<WorkflowRecord>.Text("business_key", x => x.BusinessKey),
        Lanes<WorkflowRecord>.Text("input_hash", x => x.InputHash),
        Lanes<WorkflowRecord>.Instant("created_at", x => x.CreatedAt),
        Lanes<WorkflowRecord>.Int("version", x => x.Version),
        Lanes<WorkflowRecord>.Text("state", x => x.State),
        Lanes<WorkflowRecord>.Text("status", x => x.Status.ToString()),
        Lanes<WorkflowRecord>.Int("definition_version", x => x.DefinitionVersion),
        Lanes<WorkflowRecord>.Text("document", x => x.Document),
        Lanes<WorkflowRecord>.Text("activity_counts", x => x.ActivityCounts),
        Lanes<WorkflowRecord>.Flag("has_tied_activities", x => x.HasTiedActivities),
        Lanes<WorkflowRecord>.Text("result", x => x.Result),
        Lanes<WorkflowRecord>.Text("failure", x => x.Failure),
        Lanes<WorkflowRecord>.Instant("updated_at", x => x.UpdatedAt),
        Lanes<WorkflowRecord>.InstantOrNull("closed_at", x => x.ClosedAt),
        Lanes<WorkflowRecord>.InstantOrNull("deadline_at", x => x.DeadlineAt),
        Lanes<WorkflowRecord>.Text("waits", x => x.Waits),
        Lanes<WorkflowRecord>.Text("run", x => x.Run));

    public static readonly BatchTable<ActivityRow> Activities = new(
        "a",
        rows => rows.Activities,
        Lanes<ActivityRow>.Id("workflow_id", x => x.WorkflowId),
        Lanes<ActivityRow>.Text("id", x => x.Id),
        OfNew("name", x => x.Name),
        OfNew("workflow_type", x => x.WorkflowType),
        OfNew("group_id", x => x.GroupId),
        OfNew("ends_with", x => x.EndsWith),
        OfNew("task_queue", x => x.TaskQueue),
        OfNew("token_scope", x => x.TokenScope.ToString()),
        OfNew("policy", x => x.Policy),
        OfNew("arguments", x => x.Arguments),
        Lanes<ActivityRow>.Instant("scheduled_at", x => x.ScheduledAt),
        Lanes<ActivityRow>.Int("version", x => x.Version),
        Lanes<ActivityRow>.Text("status", x => x.Status.ToString()),
        Lanes<ActivityRow>.Int("attempt", x => x.Attempt),
        Lanes<ActivityRow>.Int("released_count", x => x.ReleasedCount),
        Lanes<ActivityRow>.Instant("attempt_scheduled_at", x => x.AttemptScheduledAt),
        Lanes<ActivityRow>.InstantOrNull("started_at", x => x.StartedAt),
        Lanes<ActivityRow>.Text("claim_id", x => x.ClaimId),
        Lanes<ActivityRow>.InstantOrNull("last_heartbeat_at", x => x.LastHeartbeatAt),
        Lanes<ActivityRow>.LongOrNull("heartbeat_sequence", x => x.HeartbeatSequence),
        Lanes<ActivityRow>.Text("checkpoint", x => x.Checkpoint),
        Lanes<ActivityRow>.Flag("cancel_requested", x => x.CancelRequested),
        Lanes<ActivityRow>.Text("cancel_reason", x => PostgresText.Clean(x.CancelReason)),
        Lanes<ActivityRow>.InstantOrNull("grace_until", x => x.GraceUntil),
        Lanes<ActivityRow>.Text("closed_attempts", x => x.ClosedAttempts),
        Lanes<ActivityRow>.Text("result", x => x.Result),
        Lanes<ActivityRow>.Text("failure", x => x.Failure),
        Lanes<ActivityRow>.Text("timeout_type", x => x.TimeoutType?.ToString()),
        Lanes<ActivityRow>.InstantOrNull("closed_at", x => x.ClosedAt),
        Lanes<ActivityRow>.InstantOrNull("due_at", x => x.DueAt),
        Lanes<ActivityRow>.Text("due_kind", x => x.DueKind?.ToString()),
        Lanes<ActivityRow>.Int("due_version", x => x.DueVersion));

    public static readonly BatchTable<GroupRecord> Groups = new(
        "g",
        rows => rows.Groups,
        Lanes<GroupRecord>.Id("workflow_id", x => x.WorkflowId),
        Lanes<GroupRecord>.Text("id", x => x.Id),
        Lanes<GroupRecord>.Text("name", x => x.Name),
        Lanes<GroupRecord>.Int("members", x => x.Members),
        Lanes<GroupRecord>.Int("open", x => x.Open),
        Lanes<GroupRecord>.Int("failed", x => x.Failed),
        Lanes<GroupRecord>.Int("needed", x => x.Needed),
        Lanes<GroupRecord>.Int("failures_allowed", x => x.FailuresAllowed),
        Lanes<GroupRecord>.Text("status", x => x.Status.ToString()),
        Lanes<GroupRecord>.Instant("created_at", x => x.CreatedAt));

    public static readonly BatchTable<OfGroup> Closings = OfGroups("cl", rows => rows.Closings);

    public static readonly BatchTable<OfGroup> GroupEnds = OfGroups("ge", rows => rows.GroupEnds);

    public static readonly BatchTable<HistoryEvent> History = new(
        "h",
        rows => rows.History,
        Lanes<HistoryEvent>.Id("workflow_id", x => x.WorkflowId),
        Lanes<HistoryEvent>.Instant("at", x => x.At),
        Lanes<HistoryEvent>.Text("kind", x => x.Kind),
        Lanes<HistoryEvent>.Text("activity_id", x => x.ActivityId),
        Lanes<HistoryEvent>.IntOrNull("attempt", x => x.Attempt),
        Lanes<HistoryEvent>.Text("data", x => x.Data));

    public static readonly BatchTable<OutgoingMessage> Outgoing = new(
        "o",
        rows => rows.Outgoing,
        Lanes<OutgoingMessage>.Id("id", x => x.Id),
        Lanes<OutgoingMessage>.Id("workflow_id", x => x.WorkflowId),
        Lanes<OutgoingMessage>.Text("kind", x => x.Kind.ToString()),
        Lanes<OutgoingMessage>.Text("destination", x => x.Destination),
        Lanes<OutgoingMessage>.Text("content_type", x => x.ContentType),
        Lanes<OutgoingMessage>.Text("headers", x => x.Headers),
        Lanes<OutgoingMessage>.Bytes("body", x => x.Body),
        Lanes<OutgoingMessage>.Instant("created_at", x => x.CreatedAt));

    public static readonly BatchTable<KeptMessage> Kept = new(
        "k",
        rows => rows.Kept,
        Lanes<KeptMessage>.Id("workflow_id", x => x.WorkflowId),
        Lanes<KeptMessage>.Id("message_id", x => x.MessageId),
        Lanes<KeptMessage>.Text("event_name", x => x.EventName),
        Lanes<KeptMessage>.Text("body", x => x.Body),
        Lanes<KeptMessage>.Instant("at", x => x.At));

    public static readonly BatchTable<OfWorkflow> Released = OfWorkflows("r", rows => rows.Released);

    public static readonly BatchTable<TimerRecord> Timers = new(
        "t",
        rows => rows.Timers,
        Lanes<TimerRecord>.Id("workflow_id", x => x.WorkflowId),
        Lanes<TimerRecord>.Id("id", x => x.Id),
        Lanes<TimerRecord>.Text("workflow_type", x => x.WorkflowType),
        Lanes<TimerRecord>.Text("message_type", x => x.MessageType),
        Lanes<TimerRecord>.Text("body", x => x.Body),
        Lanes<TimerRecord>.Instant("due_at", x => x.DueAt),
        Lanes<TimerRecord>.Int("version", x => x.Version),
        Lanes<TimerRecord>.Instant("created_at", x => x.CreatedAt));

    public static readonly BatchTable<OfWorkflow> EndedTimers = OfWorkflows("et", rows => rows.EndedTimers);

    public static readonly BatchTable[] All =
        [Candidates, Workflows, Activities, Groups, Closings, GroupEnds, History, Outgoing, Kept, Released, Timers, EndedTimers];

    // Written once: a row that exists keeps them, and an update need not carry a payload to the database to leave it there.
    private static Lane<ActivityRow> OfNew(string column, Func<ActivityRow, string?> value) =>
        Lanes<ActivityRow>.Text(column, x => x.Version == 0 ? value(x) : null);

    private static BatchTable<OfGroup> OfGroups(string name, Func<BatchRows, List<Placed<OfGroup>>> rows) => new(
        name,
        rows,
        Lanes<OfGroup>.Id("workflow_id", x => x.WorkflowId),
        Lanes<OfGroup>.Text("id", x => x.GroupId),
        Lanes<OfGroup>.Int("completed", x => x.Completed),
        Lanes<OfGroup>.Int("failed", x => x.Failed),
        Lanes<OfGroup>.Text("status", x => x.Status.ToString()));

    private static BatchTable<OfWorkflow> OfWorkflows(string name, Func<BatchRows, List<Placed<OfWorkflow>>> rows) =>
        new(name, rows, Lanes<OfWorkflow>.Id("workflow_id", x => x.WorkflowId), Lanes<OfWorkflow>.Id("id", x => x.Id));
}
