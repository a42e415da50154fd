namespace SagaFlow.Activities;

/// <summary>The retry options of one activity as they were when it was scheduled.</summary>
internal sealed record RetryPolicy
{
    public static readonly RetryPolicy Default = new();

    public TimeSpan InitialInterval { get; init; } = TimeSpan.FromSeconds(1);
    public double BackoffCoefficient { get; init; } = 2.0;
    public TimeSpan MaximumInterval { get; init; } = TimeSpan.FromSeconds(100);
    public int? MaximumAttempts { get; init; }
    public double Jitter { get; init; } = 0.1;
    public IReadOnlyList<string> NonRetryableTypes { get; init; } = [];
}
