using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Activities;

/// <summary>A result of an attempt that has timed out, where the author's policy lets it count.</summary>
internal static class LateResult
{
    private const string Superseded = "An earlier attempt has brought the result";

    /// <summary>Whether the policy lets the result count. An ending that is forgotten, or that an answer brought about, never does.</summary>
    public static bool Counts(ActivityState state, ClosedAttempt? ending)
    {
        if (state.IsClosed || ending is not { How: AttemptEnd.TimedOut })
        {
            return false;
        }

        return state.Policy.LateAttempts switch
        {
            LateAttemptPolicy.Accept => true,
            LateAttemptPolicy.AcceptIfNotRedispatched when ending.Attempt == state.Attempt => true,
            _ => Mutants.On(Mutant.LateResultAlwaysCounts),
        };
    }

    /// <summary>Completes the activity. The late attempt is noted as completed, so that its answer is told from another when it is
    /// repeated; a newer attempt ends as canceled.</summary>
    public static Decision Take(Transition step, ActivityEvent.Completed completed, ClosedAttempt ending)
    {
        if (step.HasOpenAttempt)
        {
            step.With(new ActivityEffect.PushCancel(step.State.Attempt, Superseded)).CloseAttempt(AttemptEnd.Canceled);
        }

        var taken = ending with { How = AttemptEnd.Completed, AnswerHash = completed.AnswerHash, At = step.Now };
        step.State = step.State with
        {
            ClosedAttempts = [.. step.State.ClosedAttempts.Select(x => ReferenceEquals(x, ending) ? taken : x)],
            Result = completed.Result,
            Failure = null,
        };
        return step
            .With(new ActivityEffect.LateResultTaken(ending.Attempt))
            .End(ActivityStatus.Completed)
            .Done($"attempt {ending.Attempt} was late and its result is accepted");
    }
}
