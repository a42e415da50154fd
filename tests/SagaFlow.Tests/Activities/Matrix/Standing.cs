using SagaFlow.Activities;

namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>What the author of the matrix says about a state, by hand: the expectation is computed from this, never from the core's state.</summary>
internal sealed record Standing(ActivityStatus Status, int Attempt)
{
    /// <summary>How the attempts ended, oldest first; an end between two attempts follows under the number of the last one.</summary>
    public IReadOnlyList<Ending> Endings { get; init; } = [];

    /// <summary>The deadline that is armed.</summary>
    public DeadlineKind? Due { get; init; }

    public bool CancelRequested { get; init; }

    public bool ExpectsHeartbeats { get; init; } = true;

    /// <summary>Whether a heartbeat (sequence 7) has come, so that the armed deadline is earlier than the real one.</summary>
    public bool HasBeaten { get; init; }

    public bool MayRetry { get; init; } = true;

    public LateAttemptPolicy Late { get; init; }

    public bool IsOpen => Status is ActivityStatus.Scheduled or ActivityStatus.Started;

    public bool IsClosed => !IsOpen && Status is not ActivityStatus.BackingOff;
}

/// <summary>How an attempt ended.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="How">What closed it.</param>
/// <param name="Answer">The answer that closed it, as the events of the matrix are named; null when none did.</param>
internal sealed record Ending(int Attempt, AttemptEnd How, string? Answer = null);
