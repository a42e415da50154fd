namespace SagaFlow.Activities;

/// <summary>The options of one activity as they were when it was scheduled: validated, complete, immutable.</summary>
internal sealed record ActivityPolicy
{
    public TimeSpan? ScheduleToStart { get; init; }
    public TimeSpan? StartToClose { get; init; }
    public TimeSpan? ScheduleToClose { get; init; }
    public TimeSpan? Heartbeat { get; init; }
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;
    public TokenScope TokenScope { get; init; }
}
