namespace SagaFlow.Activities;

/// <summary>The retry part of <see cref="ActivityOptionsValidator"/>.</summary>
internal static class RetryOptionsValidator
{
    private const double LargestCoefficient = 1000;

    /// <summary>One sentence for each mistake; none when the options can be used.</summary>
    public static IEnumerable<string> Problems(RetryOptions? retry) =>
        retry is null ? ["Retry is null: leave it as it is for the default, or set MaximumAttempts to 1 for no retry."] : [.. Intervals(retry), .. Numbers(retry)];

    public static RetryPolicy ToPolicy(RetryOptions retry) => new()
    {
        InitialInterval = retry.InitialInterval,
        BackoffCoefficient = retry.BackoffCoefficient,
        MaximumInterval = retry.MaximumInterval,
        MaximumAttempts = retry.MaximumAttempts,
        Jitter = retry.Jitter,
        NonRetryableTypes = [.. retry.NonRetryableTypes],
    };

    private static IEnumerable<string> Intervals(RetryOptions retry)
    {
        if (!ActivityOptionsValidator.IsInRange(retry.InitialInterval))
        {
            yield return $"Retry.InitialInterval is {retry.InitialInterval}: use 1 millisecond to 10 years.";
        }

        if (!ActivityOptionsValidator.IsInRange(retry.MaximumInterval))
        {
            yield return $"Retry.MaximumInterval is {retry.MaximumInterval}: use 1 millisecond to 10 years.";
        }

        if (retry.InitialInterval > retry.MaximumInterval)
        {
            yield return $"Retry.InitialInterval ({retry.InitialInterval}) is longer than Retry.MaximumInterval "
                + $"({retry.MaximumInterval}): shorten the first or lengthen the second.";
        }
    }

    private static IEnumerable<string> Numbers(RetryOptions retry)
    {
        if (retry.BackoffCoefficient is not (>= 1 and <= LargestCoefficient))
        {
            yield return $"Retry.BackoffCoefficient is {retry.BackoffCoefficient}: use 1 to 1000.";
        }

        if (retry.MaximumAttempts < 1)
        {
            yield return $"Retry.MaximumAttempts is {retry.MaximumAttempts}: use 1 for no retry, or null for no limit.";
        }

        if (retry.Jitter is not (>= 0 and <= 1))
        {
            yield return $"Retry.Jitter is {retry.Jitter}: use 0 to 1.";
        }

        if (retry.NonRetryableTypes is null || retry.NonRetryableTypes.Any(string.IsNullOrWhiteSpace))
        {
            yield return "Retry.NonRetryableTypes holds no type's name in one place: remove what is null or empty.";
        }
    }
}
