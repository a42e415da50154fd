namespace SagaFlow.Worker;

/// <summary>Another worker takes the place of one that ended with an error.</summary>
/// <param name="Predecessor">The name of the worker that ended.</param>
public sealed record WorkerReplaced(string Predecessor) : WorkerEvent;
