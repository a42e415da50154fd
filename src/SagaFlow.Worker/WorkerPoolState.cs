namespace SagaFlow.Worker;

/// <summary>A pool as it is at one moment.</summary>
/// <param name="TaskQueue">The task queue that it consumes.</param>
/// <param name="Activities">The activities that it handles, in order.</param>
/// <param name="Capacity">How many workers it is to have.</param>
/// <param name="Workers">The names of those it has; none while it is stopped.</param>
public sealed record WorkerPoolState(string TaskQueue, IReadOnlyList<string> Activities, int Capacity, IReadOnlyList<string> Workers);
