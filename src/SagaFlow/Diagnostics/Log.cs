using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Diagnostics;

/// <summary>Everything the engine logs. A task token is never among it.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.WorkflowCodeFaulted, LogLevel.Error, "Workflow {WorkflowId} failed because its own code threw")]
    public static partial void WorkflowCodeFaulted(this ILogger logger, Guid workflowId, Exception exception);

    [LoggerMessage(EventIds.KeptMessageDropped, LogLevel.Warning, "Kept message {EventName} of workflow {WorkflowId} was dropped: {Reason}")]
    public static partial void KeptMessageDropped(this ILogger logger, Guid workflowId, string eventName, string reason);

    [LoggerMessage(EventIds.WorkflowNotReadable, LogLevel.Error,
        "Workflows of type {WorkflowType} in version {StoredVersion} cannot be read by this engine; they and their messages wait for an engine that can. This is said once")]
    public static partial void WorkflowNotReadable(this ILogger logger, string workflowType, int storedVersion, Exception exception);

    [LoggerMessage(EventIds.MessageSettled, LogLevel.Debug, "Message {MessageType} for {WorkflowType} {WorkflowId} was settled: {Disposition}")]
    public static partial void MessageSettled(
        this ILogger logger, string messageType, string workflowType, Guid? workflowId, Disposition disposition);

    [LoggerMessage(EventIds.TurnConflicted, LogLevel.Debug, "Workflow {WorkflowId} was changed by another message first ({Conflicts}); running again")]
    public static partial void TurnConflicted(this ILogger logger, Guid workflowId, int conflicts);

    [LoggerMessage(EventIds.InternalMessageForged, LogLevel.Warning, "Internal message {MessageType} came from queue {Queue} and was refused")]
    public static partial void InternalMessageForged(this ILogger logger, string messageType, Uri queue);

    [LoggerMessage(EventIds.StartRefused, LogLevel.Warning, "A start of {WorkflowType} was refused: {Reason}")]
    public static partial void StartRefused(this ILogger logger, string workflowType, string reason);

    [LoggerMessage(EventIds.AnswerSettled, LogLevel.Debug, "Answer {AnswerKind} for workflow {WorkflowId} was settled: {Disposition}")]
    public static partial void AnswerSettled(this ILogger logger, AnswerKind answerKind, Guid? workflowId, Disposition disposition);

    [LoggerMessage(EventIds.MessageQuarantined, LogLevel.Warning, "A message on {Endpoint} was quarantined: {Reason}")]
    public static partial void MessageQuarantined(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(EventIds.UnknownAnswerLeftAside, LogLevel.Warning, "An answer for an unknown workflow could not be tried again; it stays in quarantine")]
    public static partial void UnknownAnswerLeftAside(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.UnknownAnswerNotTried, LogLevel.Debug, "An answer for an unknown workflow could not be tried just now; trying again")]
    public static partial void UnknownAnswerNotTried(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.UnknownAnswerKeptAside, LogLevel.Warning, "An answer waited for an unknown workflow when the engine stopped; it stays in quarantine as {QuarantineId}")]
    public static partial void UnknownAnswerKeptAside(this ILogger logger, Guid quarantineId);

    [LoggerMessage(EventIds.ReplyNotSent, LogLevel.Debug, "A reply could not be sent; the sender asks again")]
    public static partial void ReplyNotSent(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.HeartbeatUnheard, LogLevel.Warning,
        "Activity {ActivityName} of {WorkflowType} sends heartbeats that nobody listens to: it has no HeartbeatTimeout")]
    public static partial void HeartbeatUnheard(this ILogger logger, string activityName, string workflowType);

    [LoggerMessage(EventIds.ActivityNearItsDeadline, LogLevel.Warning,
        "Activity {ActivityId} of workflow {WorkflowId} has used up 80 % of its time and has until {Deadline}; it is on attempt {Attempt}")]
    public static partial void ActivityNearItsDeadline(
        this ILogger logger, string activityId, Guid workflowId, DateTimeOffset deadline, int attempt);

    [LoggerMessage(EventIds.OpenWaitsNotRead, LogLevel.Warning, "Open waits could not be read; trying again")]
    public static partial void OpenWaitsNotRead(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.DeadlineRang, LogLevel.Debug,
        "Deadline {DeadlineKind} of activity {ActivityId} of workflow {WorkflowId} rang on attempt {Attempt}: {Disposition}")]
    public static partial void DeadlineRang(
        this ILogger logger, DeadlineKind deadlineKind, Guid workflowId, string activityId, int attempt, Disposition disposition);

    [LoggerMessage(EventIds.WorkflowDeadlineRang, LogLevel.Debug, "The deadline of workflow {WorkflowId} rang: {Disposition}")]
    public static partial void WorkflowDeadlineRang(this ILogger logger, Guid workflowId, Disposition disposition);

    [LoggerMessage(EventIds.TimerRang, LogLevel.Debug, "Timer {TimerId} of workflow {WorkflowId} rang: {Disposition}")]
    public static partial void TimerRang(this ILogger logger, Guid timerId, Guid workflowId, Disposition disposition);

    [LoggerMessage(EventIds.RingLeftToAnother, LogLevel.Debug,
        "A deadline of workflow {WorkflowId} was left to an engine of version {StoredVersion}; it rings again")]
    public static partial void RingLeftToAnother(this ILogger logger, Guid workflowId, int storedVersion);

    [LoggerMessage(EventIds.SweepFailed, LogLevel.Warning, "Due deadlines could not be claimed; trying again")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.AlarmRebuilt, LogLevel.Warning, "The alarm clock had stopped for {Silence} and was rebuilt")]
    public static partial void AlarmRebuilt(this ILogger logger, TimeSpan silence);

    [LoggerMessage(EventIds.NearDeadlineNotArmed, LogLevel.Debug, "A near deadline could not be armed; the next sweep rings it")]
    public static partial void NearDeadlineNotArmed(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.OutgoingNotSent, LogLevel.Warning, "A message ({OutgoingKind}) of workflow {WorkflowId} could not be sent; trying again")]
    public static partial void OutgoingNotSent(this ILogger logger, OutgoingKind outgoingKind, Guid workflowId, Exception exception);

    [LoggerMessage(EventIds.OutgoingNotDeleted, LogLevel.Warning, "Outgoing message {MessageId} has arrived but its row could not be deleted")]
    public static partial void OutgoingNotDeleted(this ILogger logger, Guid messageId, Exception exception);

    [LoggerMessage(EventIds.DatabaseAway, LogLevel.Error, "The database cannot be used; what waits for it is tried again until it can")]
    public static partial void DatabaseAway(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.DatabaseBack, LogLevel.Information, "The database can be used again after {Outage}")]
    public static partial void DatabaseBack(this ILogger logger, TimeSpan outage);

    [LoggerMessage(EventIds.CommitterFailed, LogLevel.Error, "A batch of commits failed in the engine itself; its messages are delivered again")]
    public static partial void CommitterFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.SchemaPrepared, LogLevel.Information, "Database schema {Schema} was brought from version {From} to version {To}")]
    public static partial void SchemaPrepared(this ILogger logger, string schema, int from, int to);

    [LoggerMessage(EventIds.EngineStarted, LogLevel.Information, "The engine of deployment {Deployment} started with workflows {WorkflowTypes}")]
    public static partial void EngineStarted(this ILogger logger, string deployment, string workflowTypes);

    [LoggerMessage(EventIds.AttemptsDispatchedAgain, LogLevel.Information, "{Count} attempts that were not started before the stop were dispatched again")]
    public static partial void AttemptsDispatchedAgain(this ILogger logger, int count);

    [LoggerMessage(EventIds.DeadlinesMoved, LogLevel.Information, "{Count} deadlines passed while no engine was alive and were moved to {Until}")]
    public static partial void DeadlinesMoved(this ILogger logger, int count, DateTimeOffset until);

    [LoggerMessage(EventIds.AliveNotSaid, LogLevel.Warning, "The engine could not say that it is alive; trying again")]
    public static partial void AliveNotSaid(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.TokenKeysChanged, LogLevel.Information, "Task tokens are signed with key {KeyId} from now on; those of keys {KeyIds} are taken")]
    public static partial void TokenKeysChanged(this ILogger logger, string keyId, string keyIds);

    [LoggerMessage(EventIds.TokenKeysRefused, LogLevel.Error, "The changed keys for task tokens cannot be used and the ones before stay: {Reason}")]
    public static partial void TokenKeysRefused(this ILogger logger, string reason);

    [LoggerMessage(EventIds.GroupJoined, LogLevel.Debug, "The join of group {GroupId} of workflow {WorkflowId} was settled: {Disposition}")]
    public static partial void GroupJoined(this ILogger logger, string groupId, Guid workflowId, Disposition disposition);

    [LoggerMessage(EventIds.SendingInterrupted, LogLevel.Warning,
        "{Count} outgoing messages could not be sent since this was last said; they are stored and sent later. The latest is a {OutgoingKind} to {Destination}")]
    public static partial void SendingInterrupted(this ILogger logger, int count, OutgoingKind outgoingKind, string destination, Exception exception);

    [LoggerMessage(EventIds.OutboxNotSwept, LogLevel.Warning, "The outbox could not be looked through; trying again")]
    public static partial void OutboxNotSwept(this ILogger logger, Exception exception);

    [LoggerMessage(EventIds.SendingRecycled, LogLevel.Error,
        "No message was confirmed for {Silence} although the broker answers; the connection is replaced")]
    public static partial void SendingRecycled(this ILogger logger, TimeSpan silence);

    [LoggerMessage(EventIds.TaskQueueUnattended, LogLevel.Warning,
        "Task queue {TaskQueue} has had no consumer for {Silence} while {Count} attempts wait on it: start a worker")]
    public static partial void TaskQueueUnattended(this ILogger logger, string taskQueue, TimeSpan silence, int count);

    [LoggerMessage(EventIds.TaskQueuesNotRead, LogLevel.Warning, "Whether task queues have consumers could not be found out; trying again")]
    public static partial void TaskQueuesNotRead(this ILogger logger, Exception exception);
}
