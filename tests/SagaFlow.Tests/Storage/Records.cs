using System.Text;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

/// <summary>Small valid records; a test changes with <c>with</c> what it is about.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Now = new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero).AddMicroseconds(123_456);

    public static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0xAB]);

    public static WorkflowRecord Workflow(Guid id) => new()
    {
        Id = id,
        Type = "data-routing",
        BusinessKey = $"packet-{id}",
        State = "GetRoute.Pending",
        Status = WorkflowStatus.Running,
        Document = """{"count":0}""",
        ActivityCounts = """{"GetRoute":1}""",
        InputHash = "aGFzaA==",
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public static ActivityState Activity(Guid workflowId, string id = "GetRoute-1") => new()
    {
        WorkflowId = workflowId,
        Id = id,
        Name = id.Split('-')[0],
        TaskQueue = "default",
        Policy = new ActivityPolicy(),
        Arguments = "{}",
        Status = ActivityStatus.Scheduled,
        Attempt = 1,
        ScheduledAt = Now,
        AttemptScheduledAt = Now,
    };

    /// <summary>An activity whose deadline stands at the given instant.</summary>
    public static ActivityState Due(Guid workflowId, DateTimeOffset at, string id = "GetRoute-1", int version = 1) => Activity(workflowId, id) with
    {
        Status = ActivityStatus.Started,
        StartedAt = Now,
        Due = new Deadline(at, DeadlineKind.StartToClose, version),
        DueVersion = version,
    };

    public static ActivityState Full(Guid workflowId) => Activity(workflowId) with
    {
        GroupId = "routes",
        EndsWith = "Transmit",
        Policy = new ActivityPolicy
        {
            StartToClose = TimeSpan.FromTicks(100_000_001),
            Heartbeat = TimeSpan.FromSeconds(30),
            TokenScope = TokenScope.Activity,
            Retry = new RetryPolicy { MaximumAttempts = 3, NonRetryableTypes = ["PartnerRejected"] },
        },
        Status = ActivityStatus.BackingOff,
        Attempt = 2,
        ReleasedCount = 1,
        GraceUntil = Now.AddSeconds(30),
        StartedAt = Now.AddMicroseconds(1),
        ClaimId = "claim-1",
        LastHeartbeatAt = Now.AddMicroseconds(2),
        HeartbeatSequence = long.MaxValue,
        Checkpoint = "7",
        CancelRequested = true,
        CancelReason = "operator",
        Due = new Deadline(Now.AddMicroseconds(3), DeadlineKind.RetryBackoff, 5),
        DueVersion = 5,
        ClosedAttempts = [new ClosedAttempt(1, AttemptEnd.Failed, "aGFzaA==", Now.AddMicroseconds(4))],
        Result = "[1, 2]",
        Failure = new ActivityFailure("Busy", "The line is busy", "at Line 1", Retryable: false, TimeSpan.FromMilliseconds(3)),
        TimeoutType = TimeoutType.Heartbeat,
        ClosedAt = Now.AddMicroseconds(5),
    };

    public static GroupRecord Group(Guid workflowId, int members, int needed, int failuresAllowed) => new()
    {
        WorkflowId = workflowId,
        Id = "Score-group-1",
        Name = "Score",
        Members = members,
        Open = members,
        Needed = needed,
        FailuresAllowed = failuresAllowed,
        Status = GroupStatus.Open,
        CreatedAt = Now,
    };

    public static ActivityRecord Row(ActivityState state, int version = 0) => new(state, version, "data-routing");

    public static InboxEntry Inbox(Guid workflowId, Guid messageId, string endpoint = "sagaflow.answers") =>
        new(new InboxKey(endpoint, workflowId, messageId), "aGFzaA==", Now);

    public static HistoryEvent History(Guid workflowId, string kind = HistoryKind.WorkflowStarted, string? data = null) =>
        new(0, workflowId, Now, kind, null, null, data);

    public static OutgoingMessage Outgoing(Guid id, Guid workflowId, DateTimeOffset? at = null) => new(
        id, workflowId, OutgoingKind.ActivityRequest, "default", "application/json", "{}", Encoding.UTF8.GetBytes("{}"), at ?? Now);

    public static KeptMessage Kept(Guid workflowId, Guid messageId) => new(workflowId, messageId, "Approved", "{}", Now);

    /// <summary>Everything that the start of a workflow writes: one row of each kind.</summary>
    public static ChangeSet Start(Guid id) => new(id)
    {
        Inbox = Inbox(id, id),
        Workflow = Workflow(id),
        Activities = [Row(Activity(id))],
        History = [History(id), History(id, HistoryKind.ActivityScheduled)],
        Outgoing = [Outgoing(id, id)],
    };
}
