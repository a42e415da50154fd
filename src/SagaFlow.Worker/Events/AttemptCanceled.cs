namespace SagaFlow.Worker;

/// <summary>That the attempt was stopped because its activity is canceled or closed was accepted by the transport.</summary>
public sealed record AttemptCanceled : AttemptEvent;
