namespace SagaFlow.Worker;

/// <summary>Something that happened to a request in a worker's hands.</summary>
public abstract record AttemptEvent : WorkerEvent
{
    /// <summary>Gets the attempt that the request names; <see langword="null"/> as long as it has not been read, or cannot be.</summary>
    public AttemptInfo? Attempt { get; init; }
}
