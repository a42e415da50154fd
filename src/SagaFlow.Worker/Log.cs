using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

internal static partial class Log
{
    [LoggerMessage(EventIds.WorkerStarted, LogLevel.Information, "Worker took up task queue {TaskQueue} with {Slots} slots for {Activities}")]
    public static partial void WorkerStarted(this ILogger logger, string taskQueue, int slots, string activities);

    [LoggerMessage(EventIds.WorkerStopped, LogLevel.Information, "Worker left task queue {TaskQueue}")]
    public static partial void WorkerStopped(this ILogger logger, string taskQueue);

    [LoggerMessage(EventId = EventIds.WorkerEnded, Message = "Worker {Worker} of task queue {TaskQueue} ended with an error; {Next}")]
    public static partial void WorkerEnded(this ILogger logger, LogLevel level, Exception? exception, string worker, string taskQueue, string next);

    [LoggerMessage(EventIds.PoolResized, LogLevel.Information, "Task queue {TaskQueue} has {Capacity} workers now, {Before} before")]
    public static partial void PoolResized(this ILogger logger, string taskQueue, int capacity, int before);

    [LoggerMessage(EventIds.StopCallbackThrew, LogLevel.Warning, "A handler's own code threw when the worker of task queue {TaskQueue} stopped")]
    public static partial void StopCallbackThrew(this ILogger logger, Exception? exception, string taskQueue);

    [LoggerMessage(EventIds.StopCallbackBlocks, LogLevel.Warning,
        "Code that was told that the worker of task queue {TaskQueue} stops has not returned within {Time}; it is not waited for any longer")]
    public static partial void StopCallbackBlocks(this ILogger logger, string taskQueue, TimeSpan time);

    [LoggerMessage(EventIds.StopIncomplete, LogLevel.Warning, "Worker left task queue {TaskQueue} before all that it had in hand was settled")]
    public static partial void StopIncomplete(this ILogger logger, string taskQueue);

    [LoggerMessage(EventIds.ObserverThrew, LogLevel.Warning, "An observer threw when it was told {WorkerEvent} of worker {Worker}")]
    public static partial void ObserverThrew(this ILogger logger, Exception? exception, string workerEvent, string worker);

    [LoggerMessage(EventIds.RequestUnreadable, LogLevel.Error, "Request {MessageId} on task queue {TaskQueue} was dropped: {Problem}")]
    public static partial void RequestUnreadable(this ILogger logger, string? messageId, string taskQueue, string problem);

    [LoggerMessage(EventIds.RequestRepeated, LogLevel.Debug,
        "Repeated request for activity {ActivityId} of workflow {WorkflowId} was dropped on attempt {Attempt}")]
    public static partial void RequestRepeated(this ILogger logger, string activityId, Guid workflowId, int attempt);

    [LoggerMessage(EventIds.ClaimRejected, LogLevel.Information,
        "Request for activity {ActivityId} of workflow {WorkflowId} was dropped on attempt {Attempt}: its claim was rejected as {Disposition}")]
    public static partial void ClaimRejected(this ILogger logger, string activityId, Guid workflowId, int attempt, Disposition disposition);

    [LoggerMessage(EventIds.AttemptFailed, LogLevel.Warning,
        "Activity {ActivityId} of workflow {WorkflowId} failed with {FailureType} on attempt {Attempt}")]
    public static partial void AttemptFailed(
        this ILogger logger, Exception? exception, string activityId, Guid workflowId, string failureType, int attempt);

    [LoggerMessage(EventIds.HandlerThrewAfterItsAnswer, LogLevel.Error,
        "The handler of activity {ActivityId} of workflow {WorkflowId} made an error after it had answered attempt {Attempt}; the answer stands")]
    public static partial void HandlerThrewAfterItsAnswer(
        this ILogger logger, Exception? exception, string activityId, Guid workflowId, int attempt);

    [LoggerMessage(EventIds.AttemptReleased, LogLevel.Information,
        "Activity {ActivityId} of workflow {WorkflowId} was handed back on attempt {Attempt}")]
    public static partial void AttemptReleased(this ILogger logger, string activityId, Guid workflowId, int attempt);

    [LoggerMessage(EventIds.AnswerNotAccepted, LogLevel.Warning,
        "Answer {AnswerKind} for activity {ActivityId} of workflow {WorkflowId} was not accepted on attempt {Attempt}")]
    public static partial void AnswerNotAccepted(
        this ILogger logger, Exception exception, AnswerKind answerKind, string activityId, Guid workflowId, int attempt);

    [LoggerMessage(EventIds.HeartbeatNotSent, LogLevel.Debug,
        "Heartbeat for activity {ActivityId} of workflow {WorkflowId} was not sent on attempt {Attempt}")]
    public static partial void HeartbeatNotSent(this ILogger logger, Exception exception, string activityId, Guid workflowId, int attempt);

    [LoggerMessage(EventIds.CancelCallbackThrew, LogLevel.Warning,
        "The handler's own code threw when activity {ActivityId} of workflow {WorkflowId} was told to stop on attempt {Attempt}")]
    public static partial void CancelCallbackThrew(this ILogger logger, Exception exception, string activityId, Guid workflowId, int attempt);

    [LoggerMessage(EventIds.AnswerGivenUp, LogLevel.Error,
        "The answer of activity {ActivityId} of workflow {WorkflowId} on attempt {Attempt} was not taken until a day after the activity's deadline and is dropped")]
    public static partial void AnswerGivenUp(this ILogger logger, string activityId, Guid workflowId, int attempt);

    [LoggerMessage(EventIds.AnswerSentByHttp, LogLevel.Warning, "Answer {AnswerKind} went over HTTP, because the bus did not take it: {Disposition}")]
    public static partial void AnswerSentByHttp(this ILogger logger, AnswerKind answerKind, Disposition disposition);

    [LoggerMessage(EventIds.HttpRefused, LogLevel.Warning, "Answer {AnswerKind} was not taken over HTTP either: {Problem}")]
    public static partial void HttpRefused(this ILogger logger, AnswerKind answerKind, string problem);
}
