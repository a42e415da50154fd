using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>Something that happened to an activity, as the core sees it. Attempt 0 means "the current one" (a token of activity scope).</summary>
internal abstract record ActivityEvent
{
    private ActivityEvent()
    {
    }

    /// <summary>An answer of the token's holder. <see cref="AnswerHash"/> tells an identical repeat from another outcome.</summary>
    internal abstract record Answer(int Attempt, string AnswerHash) : ActivityEvent
    {
        /// <summary>The attempt that the holder speaks of beside its token; <see langword="null"/> when it names none.</summary>
        public int? Meant { get; init; }
    }

    /// <summary>The holder began. With <see cref="ClaimId"/> it asks whether it may.</summary>
    internal sealed record Started(int Attempt, string AnswerHash, TimeSpan RunningFor, string? ClaimId = null) : Answer(Attempt, AnswerHash);

    internal sealed record Heartbeat(int Attempt, string AnswerHash, long? Sequence, string? Checkpoint) : Answer(Attempt, AnswerHash);

    internal sealed record Completed(int Attempt, string AnswerHash, string Result) : Answer(Attempt, AnswerHash);

    internal sealed record Failed(int Attempt, string AnswerHash, ActivityFailure Failure, string? Checkpoint) : Answer(Attempt, AnswerHash);

    internal sealed record CancelAcknowledged(int Attempt, string AnswerHash) : Answer(Attempt, AnswerHash);

    /// <summary>The holder hands the attempt back. With <see cref="ClaimId"/> it does not know whether it was granted the attempt.</summary>
    internal sealed record Released(int Attempt, string AnswerHash, string? Checkpoint, string? ClaimId = null) : Answer(Attempt, AnswerHash);

    /// <summary>The alarm rang for the deadline of this kind and version.</summary>
    internal sealed record Ring(int Attempt, DeadlineKind Kind, int Version) : ActivityEvent;

    /// <summary>The workflow asks the activity to stop.</summary>
    internal sealed record CancelRequest(string Reason, CancellationMode Mode) : ActivityEvent;

    /// <summary>The workflow ended; the activity closes with it.</summary>
    internal sealed record WorkflowEnded(string Reason, bool Canceled) : ActivityEvent;

    /// <summary>No engine was alive from <see cref="Since"/> to <see cref="Until"/>: deadlines that passed meanwhile get a grace.</summary>
    internal sealed record Blackout(DateTimeOffset Since, DateTimeOffset Until, TimeSpan Grace) : ActivityEvent;
}
