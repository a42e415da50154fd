namespace SagaFlow.Worker;

/// <summary>The number of a pool's workers was changed. <see cref="WorkerEvent.Worker"/> is the prefix of their names.</summary>
/// <param name="From">The number before.</param>
/// <param name="To">The number now.</param>
public sealed record PoolResized(int From, int To) : WorkerEvent;
