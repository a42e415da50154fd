namespace SagaFlow.Worker;

/// <summary>A worker takes no more requests, and what it had in hand has ended (<c>worker:stopping</c>).</summary>
public sealed record WorkerStopping : WorkerEvent;
