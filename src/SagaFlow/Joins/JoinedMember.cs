using SagaFlow.Contracts;

namespace SagaFlow;

/// <summary>One of the activities that were joined.</summary>
/// <param name="Index">Its place, from 0: that of its arguments.</param>
/// <param name="ActivityId">Which one, such as <c>Score-3</c>.</param>
/// <param name="Attempts">How many attempts were made.</param>
/// <param name="Outcome">How it stood.</param>
/// <param name="Result">What it gave; the type's default unless it completed.</param>
/// <param name="Reason">How it failed; <see langword="null"/> unless it did.</param>
/// <param name="Failure">Why it failed; <see langword="null"/> unless it did.</param>
/// <typeparam name="TResult">What the activity gives.</typeparam>
public sealed record JoinedMember<TResult>(
    int Index, string ActivityId, int Attempts, MemberOutcome Outcome, TResult? Result, FailureReason? Reason, ActivityFailure? Failure);
