using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Activities.ActivityStatus;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>Every kind of state that an activity can reach. All of them come about through events, never by hand.</summary>
internal static class MatrixStates
{
    private static readonly ActivityPolicy Policy = new()
    {
        ScheduleToStart = Seconds(1_000),
        StartToClose = Seconds(200),
        ScheduleToClose = Seconds(3_600),
        Heartbeat = Seconds(60),
        Retry = new RetryPolicy { Jitter = 0, InitialInterval = Seconds(30) },
    };

    private static readonly ActivityPolicy Once = Policy with { Retry = Policy.Retry with { MaximumAttempts = 1 } };
    private static readonly ActivityPolicy Unwatched = Policy with { Heartbeat = null };
    private static readonly ActivityPolicy Endless = new();
    private static readonly ActivityFailure ForGood = ActivityFailure.NonRetryable("Odd", "No.");

    public static IReadOnlyList<MatrixState> All { get; } = [.. Open(), .. BetweenAttempts(), .. Closed(), .. ClosedByTheWorkflow(), .. Late()];

    private static IEnumerable<MatrixState> Open() =>
    [
        new("scheduled", new(Scheduled, 1) { Due = DeadlineKind.ScheduleToStart }, () => New()),
        new("scheduled, without heartbeat timeout", new(Scheduled, 1) { Due = DeadlineKind.ScheduleToStart, ExpectsHeartbeats = false }, () => New(Unwatched)),
        new("scheduled, without any deadline", new(Scheduled, 1) { ExpectsHeartbeats = false }, () => New(Endless)),
        new("scheduled, the only attempt allowed", new(Scheduled, 1) { Due = DeadlineKind.ScheduleToStart, MayRetry = false }, () => New(Once)),
        new("scheduled again after a failure",
            new(Scheduled, 2) { Due = DeadlineKind.ScheduleToStart, Endings = [Failed(1)] }, () => New().Started().Failed().RingWhenDue()),
        new("scheduled again after a release",
            new(Scheduled, 2) { Due = DeadlineKind.ScheduleToStart, Endings = [Released(1)] }, () => New().Started().Released()),
        new("started", new(Started, 1) { Due = DeadlineKind.Heartbeat }, () => New().Started()),
        new("started, after a heartbeat",
            new(Started, 1) { Due = DeadlineKind.Heartbeat, HasBeaten = true }, () => New().Started().At(5).Heartbeat(sequence: 7)),
        new("started, without heartbeat timeout",
            new(Started, 1) { Due = DeadlineKind.StartToClose, ExpectsHeartbeats = false }, () => New(Unwatched).Started()),
        new("started, without any deadline", new(Started, 1) { ExpectsHeartbeats = false }, () => New(Endless).Started()),
        new("started, near schedule-to-close",
            new(Started, 2) { Due = DeadlineKind.ScheduleToClose, ExpectsHeartbeats = false, MayRetry = false, Endings = [Failed(1)] },
            () => New(Unwatched with { ScheduleToClose = Seconds(220) }).Started().At(150).Failed().RingWhenDue().Started()),
        new("started, the only attempt allowed", new(Started, 1) { Due = DeadlineKind.Heartbeat, MayRetry = false }, () => New(Once).Started()),
        new("started again after a failure",
            new(Started, 2) { Due = DeadlineKind.Heartbeat, Endings = [Failed(1)] }, () => New().Started().Failed().RingWhenDue().Started()),
        new("started, cancellation requested",
            new(Started, 1) { Due = DeadlineKind.Heartbeat, CancelRequested = true }, () => New().Started().Cancel(CancellationMode.Wait)),
        new("started, cancellation requested, without heartbeat timeout",
            new(Started, 1) { Due = DeadlineKind.StartToClose, CancelRequested = true, ExpectsHeartbeats = false },
            () => New(Unwatched).Started().Cancel(CancellationMode.Wait)),
    ];

    private static IEnumerable<MatrixState> BetweenAttempts() =>
    [
        new("backing off after a failure", new(BackingOff, 1) { Due = DeadlineKind.RetryBackoff, Endings = [Failed(1)] }, () => New().Started().Failed()),
        new("backing off after start-to-close",
            new(BackingOff, 1) { Due = DeadlineKind.RetryBackoff, ExpectsHeartbeats = false, Endings = [TimedOutAt(1)] }, () => New(Unwatched).Started().RingWhenDue()),
        new("backing off a second time, after a failure and a timeout",
            new(BackingOff, 2) { Due = DeadlineKind.RetryBackoff, Endings = [Failed(1), TimedOutAt(2)] },
            () => New().Started().Failed().RingWhenDue().Started().RingWhenDue()),
    ];

    private static IEnumerable<MatrixState> Closed() =>
    [
        new("completed", new(Completed, 1) { Endings = [CompletedBy(1)] }, () => New().Started().Completed()),
        new("completed by the second attempt, the first failed",
            new(Completed, 2) { Endings = [Failed(1), CompletedBy(2)] }, () => New().Failed().RingWhenDue().Started().Completed()),
        new("completed by the second attempt, the first timed out",
            new(Completed, 2) { Endings = [TimedOutAt(1), CompletedBy(2)] }, () => New().Started().RingWhenDue().RingWhenDue().Completed()),
        new("completed between two attempts, by the activity's token",
            new(Completed, 1) { Endings = [Failed(1), CompletedBy(1)] }, () => New().Started().Failed().Completed(attempt: 0)),
        new("failed for good",
            new(ActivityStatus.Failed, 1) { Endings = [new(1, AttemptEnd.Failed, "failed for good")] }, () => New().Started().Failed(failure: ForGood)),
        new("failed, no attempt left",
            new(ActivityStatus.Failed, 1) { Endings = [Failed(1)] }, () => New(Once).Started().Failed()),
        new("timed out by schedule-to-start", new(TimedOut, 1) { Endings = [TimedOutAt(1)] }, () => New().RingWhenDue()),
        new("timed out by start-to-close", new(TimedOut, 1) { Endings = [TimedOutAt(1)] }, () => New(Once with { Heartbeat = null }).Started().RingWhenDue()),
        new("timed out by a missing heartbeat", new(TimedOut, 1) { Endings = [TimedOutAt(1)] }, () => New(Once).Started().RingWhenDue()),
        new("timed out by schedule-to-close",
            new(TimedOut, 1) { Endings = [TimedOutAt(1)] }, () => New(Policy with { ScheduleToClose = Seconds(50) }).Started().RingWhenDue()),
        new("timed out by schedule-to-close between two attempts",
            new(TimedOut, 1) { Endings = [Failed(1), TimedOutAt(1)] }, () => New().Started().Failed().At(3_600).Ring()),
        new("timed out by schedule-to-close, before any attempt",
            new(TimedOut, 0), () => New(Policy with { ScheduleToClose = TimeSpan.Zero })),
        new("stopped by its holder", new(Canceled, 1) { Endings = [new(1, AttemptEnd.Canceled, "canceled")] }, () => New().Started().CancelAcknowledged()),
    ];

    private static IEnumerable<MatrixState> ClosedByTheWorkflow() =>
    [
        new("canceled by its workflow", new(Canceled, 1) { Endings = [CanceledAt(1)] }, () => New().Started().Cancel(CancellationMode.Try)),
        new("abandoned by its workflow", new(Canceled, 1) { Endings = [CanceledAt(1)] }, () => New().Started().Cancel(CancellationMode.Abandon)),
        new("canceled between two attempts",
            new(Canceled, 1) { Endings = [TimedOutAt(1), CanceledAt(1)] }, () => New().Started().RingWhenDue().Cancel(CancellationMode.Try)),
        new("canceled, its holder failed when asked to stop",
            new(Canceled, 1) { Endings = [Failed(1)] }, () => New().Started().Cancel(CancellationMode.Wait).Failed()),
        new("closed with its workflow", new(Canceled, 1) { Endings = [new(1, AttemptEnd.WorkflowClosed)] }, () => New().Started().WorkflowEnded()),
        new("closed with its workflow between two attempts",
            new(Canceled, 1) { Endings = [Failed(1), new(1, AttemptEnd.WorkflowClosed)] }, () => New().Started().Failed().WorkflowEnded()),
        new("closed with its canceled workflow", new(Canceled, 1) { Endings = [CanceledAt(1)] }, () => New().Started().WorkflowEnded(canceled: true)),
    ];

    /// <summary>States in which the policy for late attempts decides, under each policy.</summary>
    private static IEnumerable<MatrixState> Late() =>
        from late in Enum.GetValues<LateAttemptPolicy>()
        let policy = Policy with { LateAttempts = late }
        from state in new MatrixState[]
        {
            new("backing off after a timeout", new(BackingOff, 1) { Due = DeadlineKind.RetryBackoff, Endings = [TimedOutAt(1)] },
                () => New(policy).Started().RingWhenDue()),
            new("scheduled again after a timeout", new(Scheduled, 2) { Due = DeadlineKind.ScheduleToStart, Endings = [TimedOutAt(1)] },
                () => New(policy).Started().RingWhenDue().RingWhenDue()),
            new("started again after a timeout", new(Started, 2) { Due = DeadlineKind.Heartbeat, Endings = [TimedOutAt(1)] },
                () => New(policy).Started().RingWhenDue().RingWhenDue().Started()),
            new("timed out, no attempt left", new(TimedOut, 1) { Endings = [TimedOutAt(1)] },
                () => New(Once with { LateAttempts = late }).Started().RingWhenDue()),
        }
        select new MatrixState($"{state.Name}, late attempts: {late}", state.Standing with { Late = late }, state.Reach);

    private static Rehearsal New(ActivityPolicy? policy = null) => new(policy ?? Policy);

    private static Ending CompletedBy(int attempt) => new(attempt, AttemptEnd.Completed, "completed");

    private static Ending Failed(int attempt) => new(attempt, AttemptEnd.Failed, "failed");

    private static Ending Released(int attempt) => new(attempt, AttemptEnd.Released, "released");

    private static Ending TimedOutAt(int attempt) => new(attempt, AttemptEnd.TimedOut);

    private static Ending CanceledAt(int attempt) => new(attempt, AttemptEnd.Canceled);
}
