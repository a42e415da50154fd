namespace SagaFlow.Worker;

/// <summary>A worker begins to wait for its task queue (<c>polling:starting</c>).</summary>
public sealed record ConsumingStarting : WorkerEvent;
