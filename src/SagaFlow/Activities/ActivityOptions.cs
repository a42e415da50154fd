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

    /// <summary>Gets or sets whether each request also carries a token with which nothing but heartbeats can be sent.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>It is for whoever reports the progress of the work but must not end it: a completion with it is refused as
    /// <c>forbidden</c>. It has the <see cref="TokenScope"/> and the lifetime of the full token. It needs a <see cref="HeartbeatTimeout"/>,
    /// without which no heartbeat is recorded.</remarks>
    public bool HeartbeatToken { get; set; }

    /// <summary>Gets or sets the instant by which the activity must be over, with all attempts and the waits between them.</summary>
    /// <value>The default is <see langword="null"/>: no such instant.</value>
    /// <remarks>It becomes a schedule-to-close timeout when the activity is scheduled; with <see cref="ScheduleToCloseTimeout"/> the
    /// earlier of the two counts. An instant that has passed by then ends the activity as timed out at once: no request leaves.</remarks>
    public DateTimeOffset? ScheduleToCloseAt { get; set; }

    /// <summary>Gets or sets what becomes of a result that an attempt brings after it has timed out, while the activity is still open.</summary>
    /// <value>The default is <see cref="LateAttemptPolicy.Refuse"/>.</value>
    public LateAttemptPolicy LateAttempts { get; set; }

    /// <summary>Gets or sets why this activity may wait without any deadline, for the next reader of the workflow.</summary>
    /// <value>The default is <see langword="null"/>: a deadline is required.</value>
    /// <remarks>When it is set, <see cref="StartToCloseTimeout"/> brings no schedule-to-close timeout with it.</remarks>
    public string? NoDeadlineBecause { get; set; }

    internal string? EndsWithActivity { get; private set; }

    /// <summary>Ends this activity together with another of the same workflow, whatever becomes of that one.</summary>
    /// <remarks>When an activity of the other kind ends, this one, if it is still open, is canceled in the same change set: its holder
    /// is told to stop, and the workflow sees <c>Canceled</c> (or <c>Failed</c>) after the other's outcome. It is no deadline: one is
    /// required all the same, for an other activity that never ends or was over before.</remarks>
    /// <param name="other">The other activity.</param>
    public void EndsWith<TArguments, TResult>(Activity<TArguments, TResult> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        EndsWithActivity = other.Name;
    }
}
