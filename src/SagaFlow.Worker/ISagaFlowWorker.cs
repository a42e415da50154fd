namespace SagaFlow.Worker;

/// <summary>The worker of this process: one pool for each task queue that has a handler, and in each pool a number of workers, each of
/// which has at most one request in hand.</summary>
/// <remarks>The host starts and stops it (<see cref="SagaFlowWorkerOptions.StartsWithHost"/>). What happens to it is told to every
/// <see cref="IWorkerObserver"/>.</remarks>
public interface ISagaFlowWorker
{
    /// <summary>Gets where it stands.</summary>
    WorkerStatus Status { get; }

    /// <summary>Gets the pools, with their workers of this moment.</summary>
    IReadOnlyList<WorkerPoolState> Pools { get; }

    /// <summary>Gets how it ended: completes when it has stopped after a start, with code 0 when that was asked for and 10 after an error.</summary>
    Task<WorkerExit> Exit { get; }

    /// <summary>Starts it. Before, nothing is consumed; starting what runs does nothing.</summary>
    /// <returns>Ends when every worker of every pool consumes.</returns>
    /// <exception cref="IOException">The broker could not be reached, and <see cref="SagaFlowWorkerOptions.StopsWhenUnconnected"/> is set.</exception>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops it: no more requests are taken, handlers are told through their tokens, and what still runs after
    /// <see cref="SagaFlowWorkerOptions.ShutdownGracePeriod"/> is handed back with its last checkpoint, so that another worker continues at
    /// once and no attempt is spent. Stopping what has stopped does nothing. It can be started again.</summary>
    /// <param name="cancellationToken">Ends the grace period.</param>
    /// <returns>Ends when nothing is in hand; at once when nothing was.</returns>
    Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>Changes how many workers a task queue's pool has.</summary>
    /// <param name="taskQueue">The task queue of a handler.</param>
    /// <param name="capacity">0, which pauses the task queue, to 1,000. While the worker is stopped it is kept for the next start.</param>
    /// <param name="cancellationToken">Ends the waiting, not the change.</param>
    /// <returns>Ends when the new workers consume; or when those that leave, the idle first, have ended what they had in hand. They are not
    /// told to hurry.</returns>
    /// <exception cref="ResizeInProgressException">The capacity of this task queue is being changed.</exception>
    Task SetCapacityAsync(string taskQueue, int capacity, CancellationToken cancellationToken = default);

    /// <summary>Takes at most one request by hand and runs it, whether the worker is started or not.</summary>
    /// <param name="taskQueue">The task queue of a handler.</param>
    /// <param name="wait">How long to wait for a request.</param>
    /// <param name="cancellationToken">Ends the waiting, and tells the handler to stop.</param>
    /// <returns>What became of the request, with its failure and error; <see langword="null"/> when none came.</returns>
    /// <remarks>The limits of a pool do not count it.</remarks>
    /// <exception cref="IOException">The broker cannot be reached, or the task queue not be consumed.</exception>
    Task<AttemptDone?> RunOnceAsync(string taskQueue, TimeSpan wait, CancellationToken cancellationToken = default);
}
