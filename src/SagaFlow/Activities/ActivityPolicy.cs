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

    /// <summary>Whether requests carry a token for heartbeats alone, besides the full one.</summary>
    public bool HeartbeatToken { get; init; }

    public LateAttemptPolicy LateAttempts { get; init; }

    /// <summary>The trace that the activity was scheduled in, as the header <c>traceparent</c> says it; <see langword="null"/> when nobody traced.</summary>
    public string? Traceparent { get; init; }

    /// <summary>The same policy, ending no later than an instant that the author gave; at once when it has passed.</summary>
    public ActivityPolicy EndingBy(DateTimeOffset? at, DateTimeOffset now)
    {
        if (at is not { } end || ScheduleToClose <= end - now)
        {
            return this;
        }

        return this with { ScheduleToClose = end > now ? end - now : TimeSpan.Zero };
    }
}
