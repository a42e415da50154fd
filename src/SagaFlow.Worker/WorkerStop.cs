namespace SagaFlow.Worker;

/// <summary>The two steps in which a worker stops.</summary>
/// <param name="Stopping">Handlers are told to stop; what they return is still sent.</param>
/// <param name="GraceOver">What still runs is handed back.</param>
internal readonly record struct WorkerStop(CancellationToken Stopping, CancellationToken GraceOver);
