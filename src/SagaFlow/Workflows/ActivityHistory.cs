using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>What an effect of the core leaves in the workflow's history.</summary>
internal static class ActivityHistory
{
    public static IEnumerable<HistoryEvent> Of(ActivityState state, ActivityEffect effect, DateTimeOffset now)
    {
        var (kind, attempt, data) = effect switch
        {
            ActivityEffect.RequestAttempt { Attempt: 1 } => (HistoryKind.ActivityScheduled, 1, HistoryData.Scheduled(state)),
            ActivityEffect.RequestAttempt x => (HistoryKind.AttemptScheduled, x.Attempt, null),
            ActivityEffect.AttemptStarted x => (HistoryKind.AttemptStarted, x.Attempt, HistoryData.AttemptStarted(x)),
            // The attempt that ends the activity is closed by the activity's own line: one closing line for each attempt.
            ActivityEffect.AttemptClosed { RetryAt: not null } x => (KindOf(x.How), x.Attempt, HistoryData.AttemptClosed(x)),
            ActivityEffect.LateResultTaken x => (HistoryKind.LateResultTaken, x.Attempt, null),
            ActivityEffect.CancelRequested x => (HistoryKind.CancelRequested, state.Attempt, HistoryData.Reason(x.Reason)),
            ActivityEffect.DeadlineMoved x => (HistoryKind.DeadlineMoved, state.Attempt, HistoryData.Moved(x)),
            ActivityEffect.ActivityEnded => (KindOf(state.Status), state.Attempt, HistoryData.Ended(state)),
            ActivityEffect.ClosedWithWorkflow x => (HistoryKind.ActivityCanceled, x.Attempt, null),
            _ => ((string?)null, 0, (string?)null),
        };
        return kind is null ? [] : [new HistoryEvent(0, state.WorkflowId, now, kind, state.Id, attempt, data)];
    }

    private static string KindOf(AttemptEnd end) => end switch
    {
        AttemptEnd.TimedOut => HistoryKind.AttemptTimedOut,
        AttemptEnd.Released => HistoryKind.AttemptReleased,
        _ => HistoryKind.AttemptFailed,
    };

    private static string KindOf(ActivityStatus status) => status switch
    {
        ActivityStatus.Completed => HistoryKind.ActivityCompleted,
        ActivityStatus.TimedOut => HistoryKind.ActivityTimedOut,
        ActivityStatus.Canceled => HistoryKind.ActivityCanceled,
        _ => HistoryKind.ActivityFailed,
    };
}
