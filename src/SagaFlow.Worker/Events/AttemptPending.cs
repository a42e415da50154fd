namespace SagaFlow.Worker;

/// <summary>The handler has returned, and somebody else ends the attempt.</summary>
public sealed record AttemptPending : AttemptEvent;
