using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Activities.ActivityStatus;

namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>The rules for one cell, told a second time: from the order of precedence in which the dispositions are published, and from
/// the states' descriptions. Shares no code with the core, so that the two must agree by being right.</summary>
internal static class Expectation
{
    public static Expected Of(Standing standing, MatrixEvent @event) =>
        @event.Token is { } token ? OfAnswer(standing, @event, token) : OfOther(standing, @event.What);

    private static Expected OfAnswer(Standing s, MatrixEvent @event, TokenOf token)
    {
        var mine = token is TokenOf.CurrentAttempt or TokenOf.Activity;
        return token switch
        {
            TokenOf.UnknownAttempt => Nothing(s, Disposition.StaleAttempt, stop: true),
            _ when s.IsOpen && mine => OfOpenAttempt(s, @event.What),
            TokenOf.Activity when s.Status is BackingOff && IsCompletion(@event.What) => Change(s, Completed, "ActivityEnded"),
            TokenOf.Activity when s.Status is BackingOff && @event.IsSignOfLife => Nothing(s, Disposition.Ignored),
            TokenOf.EarlierAttempt when @event.IsSignOfLife => Nothing(s, Disposition.StaleAttempt, stop: true),
            _ when @event.IsSignOfLife => Nothing(s, Disposition.ActivityClosed, stop: true),
            _ => OfLateOutcome(s, @event.What, token),
        };
    }

    private static Expected OfOpenAttempt(Standing s, string what)
    {
        var begun = s.Status is Scheduled ? "AttemptStarted" : "";
        return what switch
        {
            "started" when s.Status is Started => Nothing(s, Disposition.Duplicate),
            "started" => Change(s, Started, begun),
            "heartbeat" or "heartbeat again" when !s.ExpectsHeartbeats => s.Status is Started ? Nothing(s, Disposition.Ignored) : Change(s, Started, begun),
            "heartbeat again" when s.HasBeaten => Nothing(s, Disposition.Duplicate),
            "heartbeat" or "heartbeat again" => Change(s, Started, begun, "HeartbeatTaken"),
            "completed" or "completed otherwise" => Change(s, Completed, begun, "AttemptClosed", "ActivityEnded"),
            "canceled" => Change(s, Canceled, begun, "AttemptClosed", "ActivityEnded"),
            "released" when s.CancelRequested => Change(s, Canceled, begun, "AttemptClosed", "ActivityEnded"),
            "released" => Change(s, Scheduled, begun, "AttemptClosed", "RequestAttempt") with { Attempt = s.Attempt + 1 },
            _ when s.CancelRequested => Change(s, Canceled, begun, "AttemptClosed", "ActivityEnded"),
            "failed" or "failed otherwise" when s.MayRetry => Change(s, BackingOff, begun, "AttemptClosed"),
            _ => Change(s, Failed, begun, "AttemptClosed", "ActivityEnded"),
        };
    }

    /// <summary>Closed by an answer, then stale, timed out, canceled, workflow closed, activity closed: the first that holds. A late
    /// result that the policy lets count comes before "stale".</summary>
    private static Expected OfLateOutcome(Standing s, string what, TokenOf token)
    {
        var ending = EndingFor(s, what, token);
        if (ending?.Answer is { } answer)
        {
            return Nothing(s, answer == what ? Disposition.Duplicate : Disposition.DuplicateConflict);
        }

        if (IsCompletion(what) && ending?.How is AttemptEnd.TimedOut && !s.IsClosed && CountsLate(s, token))
        {
            return s.IsOpen
                ? Change(s, Completed, "PushCancel", "AttemptClosed", "LateResultTaken", "ActivityEnded")
                : Change(s, Completed, "LateResultTaken", "ActivityEnded");
        }

        return Nothing(s, token is TokenOf.EarlierAttempt ? Disposition.StaleAttempt : ending?.How switch
        {
            AttemptEnd.TimedOut => Disposition.TimedOut,
            AttemptEnd.Canceled => Disposition.Canceled,
            AttemptEnd.WorkflowClosed => Disposition.WorkflowClosed,
            _ => Disposition.ActivityClosed,
        }, stop: true);
    }

    private static Ending? EndingFor(Standing s, string what, TokenOf token) => token switch
    {
        TokenOf.Activity => s.Endings.FirstOrDefault(x => x.Answer == what) ?? (s.Endings is [.., var last] ? last : null),
        TokenOf.EarlierAttempt => s.Endings.First(x => x.Attempt == s.Attempt - 1),
        _ => s.Endings.First(x => x.Attempt == s.Attempt),
    };

    private static bool CountsLate(Standing s, TokenOf token) =>
        s.Late is LateAttemptPolicy.Accept || (s.Late is LateAttemptPolicy.AcceptIfNotRedispatched && token is not TokenOf.EarlierAttempt);

    private static Expected OfOther(Standing s, string what) => what switch
    {
        "ring when due" when s.Due is not null => OfRing(s),
        "ring a tick early" when s.Due is not null => Change(s, s.Status),
        "ring late, at schedule-to-close" when s.Due is not null => Unfinished(s, TimedOut),
        _ when what.StartsWith("ring", StringComparison.Ordinal) => Nothing(s, Disposition.Ignored),
        _ when s.IsClosed => Nothing(s, Disposition.Ignored),
        "cancel, wait" when s is { Status: Started, CancelRequested: true } => Nothing(s, Disposition.Duplicate),
        "cancel, wait" when s.Status is Started => Change(s, Started, "CancelRequested", "PushCancel") with { Stop = true },
        "cancel, abandon" => Change(s, Canceled, "CancelRequested", Of(s, "AttemptClosed"), "ActivityEnded"),
        "cancel, wait" or "cancel, try" => Change(s, Canceled, "CancelRequested", Of(s, "PushCancel"), Of(s, "AttemptClosed"), "ActivityEnded"),
        "workflow ended" or "workflow canceled" => Change(s, Canceled, Of(s, "PushCancel"), Of(s, "AttemptClosed"), "ClosedWithWorkflow"),
        "blackout over the deadlines" when s.Due is not null => Change(s, s.Status, "DeadlineMoved"),
        _ => Nothing(s, Disposition.Ignored),
    };

    private static Expected OfRing(Standing s) => s.Due switch
    {
        DeadlineKind.RetryBackoff => Change(s, Scheduled, "RequestAttempt") with { Attempt = s.Attempt + 1 },
        DeadlineKind.Heartbeat when s.HasBeaten => Change(s, Started),
        DeadlineKind.Heartbeat or DeadlineKind.StartToClose when s.MayRetry && !s.CancelRequested => Change(s, BackingOff, "AttemptClosed"),
        _ => Unfinished(s, TimedOut),
    };

    private static Expected Unfinished(Standing s, ActivityStatus status) =>
        Change(s, s.CancelRequested ? Canceled : status, Of(s, "AttemptClosed"), "ActivityEnded");

    private static bool IsCompletion(string what) => what is "completed" or "completed otherwise";

    /// <summary>An effect that only an open attempt has.</summary>
    private static string Of(Standing s, string effect) => s.IsOpen ? effect : "";

    private static Expected Nothing(Standing s, Disposition disposition, bool stop = false) =>
        new(disposition, stop || s.CancelRequested, s.Status, s.Attempt, "");

    private static Expected Change(Standing s, ActivityStatus status, params string[] effects) => new(
        Disposition.Applied,
        s.CancelRequested && status is Started,
        status,
        s.Attempt,
        string.Join(", ", effects.Where(x => x.Length > 0)));
}
