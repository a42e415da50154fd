namespace SagaFlow.Worker;

/// <summary>A request is not run here.</summary>
/// <param name="Reason">Why, in words.</param>
public sealed record RequestDropped(string Reason) : AttemptEvent;
