namespace SagaFlow;

/// <summary>How an activity is tried again after an attempt that failed or timed out.</summary>
/// <remarks>The delay before attempt n+1 is <c>InitialInterval × BackoffCoefficient^(n-1)</c>, at most
/// <see cref="MaximumInterval"/>, spread by <see cref="Jitter"/>. A failure may choose its own delay or forbid a retry.
/// A schedule-to-start timeout is never retried.</remarks>
public sealed class RetryOptions
{
    /// <summary>Gets or sets the wait after the first failed attempt.</summary>
    /// <value>The default is 1 second. It must be at least 1 millisecond and at most <see cref="MaximumInterval"/>.</value>
    public TimeSpan InitialInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the factor by which the wait grows from attempt to attempt.</summary>
    /// <value>The default is 2.0. It must be from 1.0 to 1,000.</value>
    public double BackoffCoefficient { get; set; } = 2.0;

    /// <summary>Gets or sets the longest wait between two attempts.</summary>
    /// <value>The default is 100 seconds.</value>
    public TimeSpan MaximumInterval { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Gets or sets how many attempts are made in all, counted when they are handed out.</summary>
    /// <value>The default is <see langword="null"/>: as many as schedule-to-close allows. 1 means no retry.</value>
    public int? MaximumAttempts { get; set; }

    /// <summary>Gets or sets the share by which a wait is lengthened or shortened at random, so that retries do not come in step.</summary>
    /// <value>The default is 0.1, which is ±10 %. It must be from 0 to 1.</value>
    public double Jitter { get; set; } = 0.1;

    /// <summary>Gets the failure types (<see cref="SagaFlow.Contracts.ActivityFailure.Type"/>) after which no further attempt is made.</summary>
    /// <value>The default is empty. Compared by ordinal.</value>
    public IList<string> NonRetryableTypes { get; init; } = [];
}
