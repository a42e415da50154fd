using SagaFlow.Diagnostics;

namespace SagaFlow.Activities;

/// <summary>How long to wait after the n-th attempt.</summary>
internal static class Backoff
{
    /// <summary><c>initial × coefficient^(n-1)</c>, at most the maximum, then spread by the jitter to both sides.</summary>
    /// <param name="policy">The retry options.</param>
    /// <param name="n">Which attempt ended, from 1; those handed back are not counted.</param>
    /// <param name="dice">Randomness in [0, 1): 0 is the shortest wait, 0.5 the exact one.</param>
    public static TimeSpan Delay(RetryPolicy policy, int n, double dice)
    {
        // The power may be infinite: the minimum makes it the maximum interval again before it becomes ticks.
        var ticks = policy.InitialInterval.Ticks * Math.Pow(policy.BackoffCoefficient, n - 1);
        var capped = Math.Min(ticks, policy.MaximumInterval.Ticks);
        if (ticks > capped && Mutants.On(Mutant.BackoffOverflows))
        {
            capped = 0;
        }

        // Whole microseconds, as every database keeps them: the row and the history then name one instant.
        var jittered = (long)(capped * (1 + (policy.Jitter * ((2 * dice) - 1))));
        return TimeSpan.FromTicks(jittered - (jittered % TimeSpan.TicksPerMicrosecond));
    }
}
