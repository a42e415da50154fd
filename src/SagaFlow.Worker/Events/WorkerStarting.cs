namespace SagaFlow.Worker;

/// <summary>A worker begins (<c>worker:starting</c>).</summary>
public sealed record WorkerStarting : WorkerEvent;
