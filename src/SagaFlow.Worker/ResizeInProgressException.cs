using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The capacity of a task queue's pool is being changed already (<c>ResizeInProgressError</c>): wait for that to end.</summary>
public sealed class ResizeInProgressException : SagaFlowException
{
    internal ResizeInProgressException(string taskQueue)
        : base($"The capacity of task queue '{taskQueue}' is being changed. One change at a time: await the first.") => TaskQueue = taskQueue;

    /// <summary>Gets the task queue.</summary>
    public string TaskQueue { get; }
}
