namespace SagaFlow.Activities;

/// <summary>How an attempt ended.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="How">What closed it.</param>
/// <param name="AnswerHash">SHA-256 (base64) of the answer that closed it; tells a repeat from another outcome. Null when no answer closed it.</param>
/// <param name="At">When.</param>
internal sealed record ClosedAttempt(int Attempt, AttemptEnd How, string? AnswerHash, DateTimeOffset At);
