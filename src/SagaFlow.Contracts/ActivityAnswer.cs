using System.Text.Json;

namespace SagaFlow.Contracts;

/// <summary>What a worker, or anyone who holds the token, says about an attempt.</summary>
/// <remarks>On the wire it is one JSON object in camelCase, published to the exchange that the request names in
/// <see cref="ActivityRequest.AnswerTo"/>. Unknown fields are ignored.</remarks>
public sealed record ActivityAnswer
{
    /// <summary>Gets what is said.</summary>
    public required AnswerKind Kind { get; init; }

    /// <summary>Gets the token of the request that is answered.</summary>
    public required string TaskToken { get; init; }

    /// <summary>Gets the id of this message, at most 128 characters; derived from the content when it is missing.</summary>
    public string? MessageId { get; init; }

    /// <summary>Gets the result of a <see cref="AnswerKind.Completed"/> answer, kept byte for byte.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Gets the failure of a <see cref="AnswerKind.Failed"/> answer.</summary>
    public ActivityFailure? Failure { get; init; }

    /// <summary>Gets the progress that the next attempt is to continue from.</summary>
    public JsonElement? Checkpoint { get; init; }

    /// <summary>Gets the number of the heartbeat within its attempt; the highest wins.</summary>
    public long? Sequence { get; init; }

    /// <summary>Gets how long the attempt has run when <see cref="AnswerKind.Started"/> is sent, in milliseconds.</summary>
    public long? RunningForMs { get; init; }

    /// <summary>Gets who claims the attempt when <see cref="AnswerKind.Started"/> is sent, at most 128 characters: the first claim is granted
    /// (<see cref="Disposition.Applied"/>, its repetition <see cref="Disposition.Duplicate"/>), every other one is told
    /// <see cref="Disposition.DuplicateConflict"/>. <see langword="null"/> when the attempt is not claimed.</summary>
    /// <remarks>With <see cref="AnswerKind.Released"/> it says that only this claim's attempt is handed back: one that another has taken
    /// is not (<see cref="Disposition.DuplicateConflict"/>).</remarks>
    public string? ClaimId { get; init; }

    /// <summary>Gets the attempt that is meant, from 1, when a claim is made or handed back with a token that every attempt of the activity
    /// shares; when another is current it is told <see cref="Disposition.StaleAttempt"/>. Without <see cref="ClaimId"/>, and where the token
    /// names its attempt itself, it is ignored.</summary>
    public int? Attempt { get; init; }

    /// <summary>Names the answer without its token and payloads: safe to log.</summary>
    public override string ToString() => $"ActivityAnswer {{ Kind = {Kind}, MessageId = {MessageId} }}";
}
