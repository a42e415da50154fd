using System.Globalization;
using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>What an answer is told that comes for an attempt which is not open any more. It changes nothing, unless the author's
/// policy lets a late result count.</summary>
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

    /// <summary>No token of it was ever minted for this row: the database was restored to an earlier day.</summary>
    private static Decision Unknown(Transition step, int attempt) =>
        step.Unchanged(Disposition.StaleAttempt, $"attempt {attempt} is unknown here: the current one is {step.State.Attempt}");

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
            : step.Unchanged(Disposition.ActivityClosed, cancelRequested: true);
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
            ? step.Unchanged(Disposition.StaleAttempt, Newer(attempt, state))
            : step.Unchanged(Named(ending?.How), ending is null ? null : $"attempt {attempt} ended {At(ending)}: {ending.How}");
    }

    /// <summary>An attempt's token asks how the attempt ended; an activity's token how the activity stands now,
    /// unless it repeats any of its answers.</summary>
    /// <remarks>An activity that ends between two attempts notes a second ending under the number of the last one.</remarks>
    private static ClosedAttempt? FindEnding(ActivityState state, ActivityEvent.Answer answer)
    {
        if (answer.Attempt is not 0)
        {
            return state.ClosedAttempts.FirstOrDefault(x => x.Attempt == answer.Attempt);
        }

        var repeated = state.ClosedAttempts.LastOrDefault(x => x.AnswerHash == answer.AnswerHash);
        return repeated ?? (state.ClosedAttempts is [.., var latest] ? latest : null);
    }

    private static Disposition Named(AttemptEnd? how) => how switch
    {
        AttemptEnd.TimedOut => Disposition.TimedOut,
        AttemptEnd.Canceled => Disposition.Canceled,
        AttemptEnd.WorkflowClosed => Disposition.WorkflowClosed,
        _ => Disposition.ActivityClosed,
    };

    private static string Newer(int attempt, ActivityState state) =>
        $"attempt {attempt} is over: the current one is {state.Attempt}";

    private static string At(ClosedAttempt ending) =>
        string.Create(CultureInfo.InvariantCulture, $"at {ending.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
}
