namespace SagaFlow.Worker;

/// <summary>A worker could not connect or consume, or was cut off (<c>polling:error</c>).</summary>
/// <param name="Error">Why.</param>
/// <param name="Retriable">Whether the worker tries again; otherwise it stops.</param>
/// <param name="Attempts">How many tries in a row have failed, this one included.</param>
public sealed record ConsumingFailed(Exception Error, bool Retriable, int Attempts) : WorkerEvent;
