using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Activities;

/// <summary>Whether another attempt follows one that failed or timed out, and when.</summary>
internal static class RetryDecision
{
    /// <summary>The longest delay that a failure may choose for the attempt after it.</summary>
    public static readonly TimeSpan LongestChosenDelay = TimeSpan.FromDays(365);

    /// <summary>When the next attempt is to be handed out; <see langword="null"/> when none follows.</summary>
    /// <remarks>None follows a failure that forbids it, the last attempt allowed, or a request to stop. None is planned for
    /// or after the schedule-to-close deadline either: the activity then ends at once with what ended its last attempt,
    /// because waiting for the deadline could bring nothing but a later and less telling answer.</remarks>
    /// <param name="state">The activity, its attempt still open.</param>
    /// <param name="failure">What the attempt reported; <see langword="null"/> when it timed out.</param>
    /// <param name="now">When the attempt ended.</param>
    /// <param name="dice">Randomness in [0, 1) for the jitter.</param>
    public static DateTimeOffset? NextAttemptAt(ActivityState state, ActivityFailure? failure, DateTimeOffset now, double dice)
    {
        if (state.CancelRequested || IsFinal(failure, state.Policy.Retry) || IsLast(state))
        {
            return null;
        }

        var at = now + Delay(state, failure, dice);
        return at >= Deadlines.ScheduleToClose(state) ? null : at;
    }

    private static bool IsFinal(ActivityFailure? failure, RetryPolicy policy) =>
        failure is not null && (!failure.Retryable || policy.NonRetryableTypes.Contains(failure.Type, StringComparer.Ordinal));

    /// <summary>Attempts count when they are handed out, so that a crash spends one; those handed back count nothing.</summary>
    private static bool IsLast(ActivityState state) =>
        CountedAttempts(state) - (Mutants.On(Mutant.MaximumAttemptsOffByOne) ? 1 : 0) >= state.Policy.Retry.MaximumAttempts;

    private static int CountedAttempts(ActivityState state) =>
        Mutants.On(Mutant.ReleasedAttemptsCount) ? state.Attempt : state.Attempt - state.ReleasedCount;

    private static TimeSpan Delay(ActivityState state, ActivityFailure? failure, double dice) =>
        failure?.NextRetryDelay is { } chosen
            ? TimeSpan.FromTicks(Math.Clamp(chosen.Ticks, 0, LongestChosenDelay.Ticks))
            : Backoff.Delay(state.Policy.Retry, CountedAttempts(state), dice);
}
