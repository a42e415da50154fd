namespace SagaFlow.Worker;

/// <summary>How a worker takes requests from one task queue.</summary>
public sealed class TaskQueueOptions
{
    internal const int MaximumCapacity = 1000;

    /// <summary>Gets or sets how many handlers run at once.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="SagaFlowWorkerOptions.SlotsPerTaskQueue"/>. 0, which takes nothing, to 1,000.</value>
    /// <remarks><see cref="ISagaFlowWorker.SetCapacityAsync"/> changes it while the worker runs.</remarks>
    public int? Capacity { get; set; }

    /// <summary>Gets or sets how many attempts this process starts within any <see cref="StartPeriod"/>.</summary>
    /// <value>The default is <see langword="null"/>: no limit. 1 to 100,000.</value>
    /// <remarks>A request whose turn does not come within 5 seconds goes back to the end of the task queue; its own time limits count on.</remarks>
    public int? MaximumStarts { get; set; }

    /// <summary>Gets or sets the period of <see cref="MaximumStarts"/>.</summary>
    /// <value>The default is 1 second; more than 0, to 1 hour.</value>
    public TimeSpan StartPeriod { get; set; } = TimeSpan.FromSeconds(1);
}
