namespace SagaFlow.Worker;

/// <summary>The attempt was handed back because the worker stops: the transport has accepted that, with the last checkpoint.</summary>
public sealed record AttemptReleased : AttemptEvent;
