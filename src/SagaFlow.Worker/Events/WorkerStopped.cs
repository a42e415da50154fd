namespace SagaFlow.Worker;

/// <summary>A worker has ended (<c>worker:stopped</c>).</summary>
/// <param name="Exit">How it ended (<c>exitOutput</c>).</param>
public sealed record WorkerStopped(WorkerExit Exit) : WorkerEvent;
