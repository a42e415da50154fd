using MassTransit;
using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>Turns an activity's end into the event that its workflow handles: the nearest name first, else <c>Failed</c>.</summary>
internal static class OutcomeRouter
{
    public static Task RaiseAsync<TInstance>(
        BehaviorContext<TInstance> context, IWorkflowActivity activity, ActivityState ended, Func<Event, bool> handles)
        where TInstance : WorkflowInstance =>
        ended.Status switch
        {
            ActivityStatus.Completed =>
                activity.RaiseCompletedAsync(context, ended.Id, ended.Attempt, ended.Result ?? "null"),
            ActivityStatus.TimedOut when handles(activity.Events.TimedOut) =>
                activity.RaiseTimedOutAsync(context, new TimedOutActivity(ended.Id, ended.Attempt, ended.TimeoutType!.Value)),
            ActivityStatus.Canceled when handles(activity.Events.Canceled) =>
                activity.RaiseCanceledAsync(context, new CanceledActivity(ended.Id, ended.Attempt)),
            _ => activity.RaiseFailedAsync(
                context, new FailedActivity(ended.Id, ended.Attempt, ReasonOf(ended), FailureOf(ended))),
        };

    /// <summary>The failure to show for an activity that ended without a result, made up for a timeout or a cancellation.</summary>
    public static ActivityFailure FailureOf(ActivityState ended) => ended.Status switch
    {
        ActivityStatus.TimedOut => ActivityFailure.NonRetryable(
            $"{ended.TimeoutType}Timeout",
            $"Activity '{ended.Id}' timed out ({ended.TimeoutType}) on attempt {ended.Attempt}",
            ended.Failure is { } last ? $"Last failure: {last.Type}: {last.Message}" : null),
        ActivityStatus.Canceled => ActivityFailure.NonRetryable("Canceled", $"Activity '{ended.Id}' was canceled"),
        _ => ended.Failure ?? ActivityFailure.NonRetryable("Failed", $"Activity '{ended.Id}' failed"),
    };

    public static FailureReason ReasonOf(ActivityState ended) => ended switch
    {
        { Status: ActivityStatus.Canceled } => FailureReason.Canceled,
        { Status: ActivityStatus.TimedOut, TimeoutType: TimeoutType.ScheduleToStart } => FailureReason.ScheduleToStartTimeout,
        { Status: ActivityStatus.TimedOut, TimeoutType: TimeoutType.StartToClose } => FailureReason.StartToCloseTimeout,
        { Status: ActivityStatus.TimedOut, TimeoutType: TimeoutType.ScheduleToClose } => FailureReason.ScheduleToCloseTimeout,
        { Status: ActivityStatus.TimedOut, TimeoutType: TimeoutType.Heartbeat } => FailureReason.HeartbeatTimeout,
        _ => FailureReason.Failed,
    };
}
