using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>What the shell must do because of a decision. Effects join the change set of the decision, in order.</summary>
internal abstract record ActivityEffect
{
    private ActivityEffect()
    {
    }

    /// <summary>Publish the request of this attempt, with a token.</summary>
    internal sealed record RequestAttempt(int Attempt) : ActivityEffect;

    /// <summary>The attempt began; <see cref="Inferred"/> when only its answer says so.</summary>
    internal sealed record AttemptStarted(int Attempt, DateTimeOffset At, bool Inferred) : ActivityEffect;

    /// <summary>The attempt ended; <see cref="RetryAt"/> when another follows.</summary>
    internal sealed record AttemptClosed(
        int Attempt, AttemptEnd How, TimeoutType? Timeout, ActivityFailure? Failure, DateTimeOffset? RetryAt) : ActivityEffect;

    /// <summary>A heartbeat was taken; raised for a workflow that subscribes to it.</summary>
    internal sealed record HeartbeatTaken(int Attempt, string? Checkpoint) : ActivityEffect;

    /// <summary>A result counts although its attempt had timed out.</summary>
    internal sealed record LateResultTaken(int Attempt) : ActivityEffect;

    /// <summary>Tell the holder of the token to stop.</summary>
    internal sealed record PushCancel(int Attempt, string Reason) : ActivityEffect;

    /// <summary>The workflow's request to stop was recorded.</summary>
    internal sealed record CancelRequested(string Reason) : ActivityEffect;

    /// <summary>Deadlines were moved because no engine was alive.</summary>
    internal sealed record DeadlineMoved(DateTimeOffset From, DateTimeOffset To) : ActivityEffect;

    /// <summary>The activity is closed for good: raise its outcome in the workflow.</summary>
    internal sealed record ActivityEnded(ActivityStatus Status) : ActivityEffect;

    /// <summary>The activity is closed for good because its workflow ended, which hears nothing of it any more.</summary>
    internal sealed record ClosedWithWorkflow(int Attempt) : ActivityEffect;
}
