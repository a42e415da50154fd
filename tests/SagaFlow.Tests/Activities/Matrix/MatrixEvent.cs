using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>A line of the matrix: something that can happen to an activity.</summary>
/// <param name="What">The event.</param>
/// <param name="Token">Whose token an answer carries; null for what is no answer.</param>
internal sealed record MatrixEvent(string What, TokenOf? Token = null)
{
    private static readonly string[] Answers =
    [
        "started", "heartbeat", "heartbeat again", "completed", "completed otherwise", "failed", "failed otherwise", "failed for good",
        "canceled", "released",
    ];

    private static readonly string[] Others =
    [
        "ring when due", "ring a tick early", "ring late, at schedule-to-close", "ring of an old version", "ring of another kind", "ring of another attempt",
        "cancel, wait", "cancel, try", "cancel, abandon", "workflow ended", "workflow canceled", "blackout over the deadlines", "blackout before them",
    ];

    public bool IsSignOfLife => What is "started" or "heartbeat" or "heartbeat again";

    public string Name => Token switch
    {
        TokenOf.CurrentAttempt => $"{What}, this attempt",
        TokenOf.EarlierAttempt => $"{What}, earlier attempt",
        TokenOf.UnknownAttempt => $"{What}, attempt that never was",
        TokenOf.Activity => $"{What}, the activity",
        _ => What,
    };

    /// <summary>Every event that can come in a state: no token of an attempt exists where none was handed out.</summary>
    public static IEnumerable<MatrixEvent> For(Standing standing) =>
    [
        .. from what in Answers
           from token in Enum.GetValues<TokenOf>()
           where token is not TokenOf.CurrentAttempt || standing.Attempt > 0
           where token is not TokenOf.EarlierAttempt || standing.Attempt > 1
           select new MatrixEvent(what, token),
        .. Others.Select(x => new MatrixEvent(x)),
    ];

    /// <summary>Brings the event to an activity at the instant it needs; answers come one second after what happened last.</summary>
    public void HappenTo(Rehearsal activity)
    {
        var (due, scheduleToClose) = (activity.State.Due, activity.State.Policy.ScheduleToClose);
        var at = What switch
        {
            "ring when due" => due?.At,
            "ring a tick early" => due?.At - Rehearsal.Tick,
            "ring late, at schedule-to-close" when due is not null => Rehearsal.Noon + scheduleToClose,
            "blackout over the deadlines" => activity.Now.AddDays(10),
            _ => null,
        };
        activity.At(at ?? activity.Now.AddSeconds(1)).Decide(Token is { } token ? Answer(AttemptOf(activity.State, token)) : Other(activity));
    }

    private static int AttemptOf(ActivityState state, TokenOf token) => token switch
    {
        TokenOf.CurrentAttempt => state.Attempt,
        TokenOf.EarlierAttempt => state.Attempt - 1,
        TokenOf.UnknownAttempt => state.Attempt + 1,
        _ => 0,
    };

    private ActivityEvent Answer(int attempt) => What switch
    {
        "started" => new ActivityEvent.Started(attempt, "started", TimeSpan.Zero),
        "heartbeat" => new ActivityEvent.Heartbeat(attempt, "heartbeat 8", 8, "8"),
        "heartbeat again" => new ActivityEvent.Heartbeat(attempt, "heartbeat 7", 7, "7"),
        "completed" => new ActivityEvent.Completed(attempt, "completed 1", "1"),
        "completed otherwise" => new ActivityEvent.Completed(attempt, "completed 2", "2"),
        "failed" => new ActivityEvent.Failed(attempt, "failed ", Rehearsal.Busy, null),
        "failed otherwise" => new ActivityEvent.Failed(attempt, "failed otherwise", Rehearsal.Busy with { Message = "Still." }, null),
        "failed for good" => new ActivityEvent.Failed(attempt, $"failed {ForGood}", ForGood, null),
        "canceled" => new ActivityEvent.CancelAcknowledged(attempt, "canceled"),
        "released" => new ActivityEvent.Released(attempt, "released", null),
        _ => throw new InvalidOperationException(What),
    };

    private ActivityEvent Other(Rehearsal activity)
    {
        var state = activity.State;
        var (kind, version) = (state.Due?.Kind ?? DeadlineKind.StartToClose, state.DueVersion);
        return What switch
        {
            "ring of an old version" => new ActivityEvent.Ring(state.Attempt, kind, version - 1),
            "ring of another kind" => new ActivityEvent.Ring(state.Attempt, (DeadlineKind)(((int)kind + 1) % 5), version),
            "ring of another attempt" => new ActivityEvent.Ring(state.Attempt - 1, kind, version),
            "cancel, wait" => new ActivityEvent.CancelRequest("not needed", CancellationMode.Wait),
            "cancel, try" => new ActivityEvent.CancelRequest("not needed", CancellationMode.Try),
            "cancel, abandon" => new ActivityEvent.CancelRequest("not needed", CancellationMode.Abandon),
            "workflow ended" => new ActivityEvent.WorkflowEnded("ended", Canceled: false),
            "workflow canceled" => new ActivityEvent.WorkflowEnded("canceled", Canceled: true),
            "blackout over the deadlines" => new ActivityEvent.Blackout(activity.Now.AddDays(-10), activity.Now, Rehearsal.Seconds(30)),
            "blackout before them" => new ActivityEvent.Blackout(activity.Now.AddSeconds(-1), activity.Now, Rehearsal.Seconds(30)),
            _ => new ActivityEvent.Ring(state.Attempt, kind, version),
        };
    }

    private static ActivityFailure ForGood { get; } = ActivityFailure.NonRetryable("Odd", "No.");
}
