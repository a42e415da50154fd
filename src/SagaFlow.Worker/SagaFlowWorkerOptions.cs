namespace SagaFlow.Worker;

/// <summary>How a worker runs its handlers.</summary>
public sealed class SagaFlowWorkerOptions
{
    /// <summary>Gets or sets how many handlers run at once for each task queue.</summary>
    /// <value>The default is 16; 1 to 1,000.</value>
    /// <remarks>A slot is held until the handler returns. A handler that returns <see cref="ActivityOutcome.Pending"/> holds none.</remarks>
    public int SlotsPerTaskQueue { get; set; } = 16;

    /// <summary>Gets or sets how long a stopping worker waits for its handlers, which are told to stop at once. What still runs
    /// afterwards is handed back, so that another worker goes on.</summary>
    /// <value>The default is 10 seconds. It should be shorter than the host's own shutdown timeout.</value>
    public TimeSpan ShutdownGracePeriod { get; set; } = TimeSpan.FromSeconds(10);
}
