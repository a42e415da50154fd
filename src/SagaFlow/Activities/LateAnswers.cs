using System.Globalization;
using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>What an answer is told that comes for an attempt which is not open any more. It changes nothing, unless the author's
/// policy lets a late result count. Whoever is told that it is too late is told to stop as well.</summary>
/// <remarks>The first of these that holds: this attempt was closed by an answer (<c>duplicate</c> for the identical one,
/// else <c>duplicate_conflict</c>), a result that the <see cref="LateAttemptPolicy"/> lets count (<c>applied</c>),
/// <c>stale_attempt</c>, <c>timed_out</c>, <c>canceled</c>, <c>workflow_closed</c>,
/// <c>activity_closed</c>. So between two attempts the reason why the last one closed answers.</remarks>
internal static class LateAnswers
{
    public static Decision Decide(Transition step, ActivityEvent.Answer answer) => answer switch
    {
        _ when answer.Attempt > step.State.Attempt => Unknown(step, answer.Attempt),
        ActivityEvent.Started or ActivityEvent.Heartbeat => SignOfLife(step, answer.Attempt),
        _ => Outcome(step, answer),
    };

    /// <summary>A genuine token with an attempt beside it that is not the token's: whoever runs that attempt must not run this one.</summary>
    public static Decision OfAnotherAttempt(Transition step, int meant) => step.Unchanged(
        Disposition.StaleAttempt, $"attempt {meant} is not the one of the token: that is {step.State.Attempt}", cancelRequested: true);

    /// <summary>No token of it was ever minted for this row: the database was restored to an earlier day.</summary>
    private static Decision Unknown(Transition step, int attempt) => step.Unchanged(
        Disposition.StaleAttempt, $"attempt {attempt} is unknown here: the current one is {step.State.Attempt}", cancelRequested: true);

    /// <summary>Whoever still works on a closed attempt should stop. One that works on the activity as a whole may go on
    /// between two attempts: its result would be taken.</summary>
    private static Decision SignOfLife(Transition step, int attempt)
    {
        var state = step.State;
        if (attempt is 0 && !state.IsClosed)
        {
            return step.Unchanged(Disposition.Ignored, "no attempt is open: the next one follows");
        }

        return attempt is not 0 && attempt < state.Attempt
            ? step.Unchanged(Disposition.StaleAttempt, Newer(attempt, state), cancelRequested: true)
            : step.Unchanged(Disposition.ActivityClosed, Ended(FindEnding(state, attempt)), cancelRequested: true);
    }

    private static Decision Outcome(Transition step, ActivityEvent.Answer answer)
    {
        var state = step.State;
        var attempt = answer.Attempt is 0 ? state.Attempt : answer.Attempt;
        var ending = FindEnding(state, answer);
        if (ending?.AnswerHash is { } hash)
        {
            return hash == answer.AnswerHash
                ? step.Unchanged(Disposition.Duplicate)
                : step.Unchanged(Disposition.DuplicateConflict, $"attempt {ending.Attempt} was closed by another answer: {ending.How} {At(ending)}");
        }

        if (answer is ActivityEvent.Completed completed && LateResult.Counts(state, ending))
        {
            return LateResult.Take(step, completed, ending!);
        }

        return attempt < state.Attempt
            ? step.Unchanged(Disposition.StaleAttempt, Newer(attempt, state), cancelRequested: true)
            : step.Unchanged(Named(ending?.How), Ended(ending), cancelRequested: true);
    }

    /// <summary>An attempt's token asks how the attempt ended; an activity's token how the activity stands now,
    /// unless it repeats any of its answers.</summary>
    /// <remarks>An activity that ends between two attempts notes a second ending under the number of the last one.</remarks>
    private static ClosedAttempt? FindEnding(ActivityState state, ActivityEvent.Answer answer)
    {
        var repeated = answer.Attempt is 0 ? state.ClosedAttempts.LastOrDefault(x => x.AnswerHash == answer.AnswerHash) : null;
        return repeated ?? FindEnding(state, answer.Attempt);
    }

    private static ClosedAttempt? FindEnding(ActivityState state, int attempt) => attempt is 0
        ? state.ClosedAttempts is [.., var latest] ? latest : null
        : state.ClosedAttempts.FirstOrDefault(x => x.Attempt == attempt);

    private static Disposition Named(AttemptEnd? how) => how switch
    {
        AttemptEnd.TimedOut => Disposition.TimedOut,
        AttemptEnd.Canceled => Disposition.Canceled,
        AttemptEnd.WorkflowClosed => Disposition.WorkflowClosed,
        _ => Disposition.ActivityClosed,
    };

    private static string? Ended(ClosedAttempt? ending) =>
        ending is null ? null : $"attempt {ending.Attempt} ended {At(ending)}: {ending.How}";

    private static string Newer(int attempt, ActivityState state) =>
        $"attempt {attempt} is over: the current one is {state.Attempt}";

    private static string At(ClosedAttempt ending) =>
        string.Create(CultureInfo.InvariantCulture, $"at {ending.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
}
