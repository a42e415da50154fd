namespace SagaFlow.Worker;

/// <summary>A worker consumes for the first time (<c>worker:running</c>).</summary>
public sealed record WorkerRunning : WorkerEvent;
