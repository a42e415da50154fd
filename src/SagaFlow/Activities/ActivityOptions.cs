namespace SagaFlow;

/// <summary>The options of one activity: given at its definition, and changed for one call where it is executed.</summary>
/// <remarks>An external wait needs a deadline: schedule-to-close, or schedule-to-start with start-to-close.
/// Start-to-close alone brings a schedule-to-close timeout of 24 hours. A wait without any deadline is refused
/// unless <see cref="NoDeadlineBecause"/> says why. Every timeout is from 1 millisecond to 10 years; options that break a
/// rule are refused with an <see cref="ActivityOptionsException"/>.</remarks>
public class ActivityOptions
{
    /// <summary>Gets or sets the task queue that workers of this activity consume.</summary>
    /// <value>The default is <c>default</c>. It must match <c>[a-z0-9_-]{1,64}</c>.</value>
    public string TaskQueue { get; set; } = "default";

    /// <summary>Gets or sets how long an attempt may wait to be started. When it passes, the activity ends: it is never retried.</summary>
    /// <value>The default is <see langword="null"/>: no limit.</value>
    public TimeSpan? ScheduleToStartTimeout { get; set; }

    /// <summary>Gets or sets how long one attempt may run, counted from its start.</summary>
    /// <value>The default is <see langword="null"/>: no limit of its own.</value>
    /// <remarks>It must not be longer than <see cref="ScheduleToCloseTimeout"/>.</remarks>
    public TimeSpan? StartToCloseTimeout { get; set; }

    /// <summary>Gets or sets how long the activity may take with all attempts and the waits between them.</summary>
    /// <value>The default is <see langword="null"/>; 24 hours when only <see cref="StartToCloseTimeout"/> is set.</value>
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    /// <summary>Gets or sets the longest silence allowed between two heartbeats of one attempt, counted from its start.</summary>
    /// <value>The default is <see langword="null"/>: no heartbeat is expected.</value>
    /// <remarks>It must be shorter than <see cref="StartToCloseTimeout"/>.</remarks>
    public TimeSpan? HeartbeatTimeout { get; set; }

    /// <summary>Gets or sets how the activity is tried again.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>Gets or sets what one task token stands for.</summary>
    /// <value>The default is <see cref="TokenScope.Attempt"/>, which shuts out late work.</value>
    public TokenScope TokenScope { get; set; }

    /// <summary>Gets or sets why this activity may wait without any deadline, for the next reader and for operators.</summary>
    /// <value>The default is <see langword="null"/>: a deadline is required.</value>
    /// <remarks>When it is set, <see cref="StartToCloseTimeout"/> brings no schedule-to-close timeout with it.</remarks>
    public string? NoDeadlineBecause { get; set; }
}
