namespace SagaFlow.Worker;

/// <summary>A result was accepted by the transport (<c>task:success</c>).</summary>
public sealed record AttemptCompleted : AttemptEvent;
