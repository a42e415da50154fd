using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>Everything the core knows of one activity: the content of its row.</summary>
/// <remarks>Payloads are raw JSON text, kept as they came.</remarks>
internal sealed record ActivityState
{
    public required Guid WorkflowId { get; init; }

    /// <summary><c>&lt;name&gt;-&lt;n&gt;</c>, n from 1 within the workflow.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }
    public string? GroupId { get; init; }

    /// <summary>The name of the activity with which this one ends; <see langword="null"/> for none.</summary>
    public string? EndsWith { get; init; }

    public required string TaskQueue { get; init; }
    public required ActivityPolicy Policy { get; init; }
    public required string Arguments { get; init; }

    public required ActivityStatus Status { get; init; }

    /// <summary>The current attempt, counted from 1 when it is handed out.</summary>
    public required int Attempt { get; init; }

    /// <summary>Attempts handed back by a worker that was shutting down; they do not count against the maximum.</summary>
    public int ReleasedCount { get; init; }

    /// <summary>When the activity was scheduled: schedule-to-close counts from here.</summary>
    public required DateTimeOffset ScheduledAt { get; init; }

    /// <summary>When the current attempt was handed out: schedule-to-start counts from here.</summary>
    public required DateTimeOffset AttemptScheduledAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Who was granted the current attempt; <see langword="null"/> when nobody claimed it.</summary>
    public string? ClaimId { get; init; }

    public DateTimeOffset? LastHeartbeatAt { get; init; }
    public long? HeartbeatSequence { get; init; }
    public string? Checkpoint { get; init; }

    /// <summary>Set while a cancellation waits for the attempt's answer.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Why <see cref="CancelRequested"/> was set; told to the holder of the token.</summary>
    public string? CancelReason { get; init; }

    /// <summary>No deadline passes before this instant, because one of them fell into a time without any engine.</summary>
    public DateTimeOffset? GraceUntil { get; init; }

    /// <summary>The next ring; <see langword="null"/> exactly when the activity is closed or waits without any deadline.</summary>
    public Deadline? Due { get; init; }

    /// <summary>Counts every change of <see cref="Due"/>, so that an old ring is told from a new one.</summary>
    public int DueVersion { get; init; }

    /// <summary>How the last 16 attempts ended, oldest first: tells a late answer why it is too late. When the activity
    /// ends between two attempts, that ending follows under the number of the last one.</summary>
    public IReadOnlyList<ClosedAttempt> ClosedAttempts { get; init; } = [];

    public string? Result { get; init; }
    public ActivityFailure? Failure { get; init; }

    /// <summary>Which deadline closed the activity, when <see cref="Status"/> is <see cref="ActivityStatus.TimedOut"/>.</summary>
    public TimeoutType? TimeoutType { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public bool IsClosed => Status is ActivityStatus.Completed or ActivityStatus.Failed or ActivityStatus.TimedOut or ActivityStatus.Canceled;
}
