namespace SagaFlow.Storage;

/// <summary>The words of a workflow's history.</summary>
internal static class HistoryKind
{
    public const string WorkflowStarted = "WorkflowStarted";
    public const string WorkflowCompleted = "WorkflowCompleted";
    public const string WorkflowFailed = "WorkflowFailed";
    public const string WorkflowCanceled = "WorkflowCanceled";
    public const string WorkflowTimedOut = "WorkflowTimedOut";
    public const string WorkflowRetried = "WorkflowRetried";
    public const string RunStarted = "RunStarted";
    public const string WorkflowMigrated = "WorkflowMigrated";
    public const string EventReceived = "EventReceived";
    public const string EventKept = "EventKept";
    public const string EventDropped = "EventDropped";
    public const string TimerScheduled = "TimerScheduled";
    public const string TimerUnscheduled = "TimerUnscheduled";
    public const string TimerFired = "TimerFired";
    public const string ActivityScheduled = "ActivityScheduled";
    public const string AttemptStarted = "AttemptStarted";
    public const string AttemptFailed = "AttemptFailed";
    public const string AttemptTimedOut = "AttemptTimedOut";
    public const string AttemptReleased = "AttemptReleased";
    public const string AttemptScheduled = "AttemptScheduled";
    public const string LateResultTaken = "LateResultTaken";
    public const string ActivityUnattended = "ActivityUnattended";
    public const string CancelRequested = "CancelRequested";
    public const string DeadlineMoved = "DeadlineMoved";
    public const string ActivityCompleted = "ActivityCompleted";
    public const string ActivityFailed = "ActivityFailed";
    public const string ActivityTimedOut = "ActivityTimedOut";
    public const string ActivityCanceled = "ActivityCanceled";
    public const string GroupScheduled = "GroupScheduled";
    public const string GroupJoined = "GroupJoined";
}
