using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>A failure was accepted by the transport (<c>task:failure</c>).</summary>
/// <param name="Failure">What the workflow sees: <c>Type</c> is <c>error</c>, <c>Message</c> <c>cause</c>.</param>
public sealed record AttemptFailed(ActivityFailure Failure) : AttemptEvent;
