namespace SagaFlow.Worker;

/// <summary>Where a worker stands.</summary>
public enum WorkerStatus
{
    /// <summary>Nothing is consumed.</summary>
    Stopped,

    /// <summary>Not every worker of every pool consumes yet.</summary>
    Starting,

    /// <summary>Every worker of every pool has consumed.</summary>
    Running,

    /// <summary>No more requests are taken; some may still be in hand.</summary>
    Stopping,
}
