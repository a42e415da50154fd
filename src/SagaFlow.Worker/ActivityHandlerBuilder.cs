using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Says where a handler's requests come from.</summary>
public sealed class ActivityHandlerBuilder
{
    private readonly SagaFlowWorkerBuilder _worker;
    private readonly HandlerRegistration _registration;

    internal ActivityHandlerBuilder(SagaFlowWorkerBuilder worker, HandlerRegistration registration) =>
        (_worker, _registration) = (worker, registration);

    /// <summary>Takes the handler's requests from this task queue.</summary>
    /// <param name="taskQueue">1 to 64 characters of <c>a</c> to <c>z</c>, <c>0</c> to <c>9</c>, <c>_</c> and <c>-</c>.</param>
    /// <returns>The worker's builder, for the next handler.</returns>
    public SagaFlowWorkerBuilder OnTaskQueue(string taskQueue)
    {
        _registration.TaskQueue = BusNames.IsTaskQueue(taskQueue)
            ? taskQueue
            : throw new SagaFlowException($"The task queue name '{taskQueue}' of activity '{_registration.Activity}' cannot be used. "
                + "It takes 1 to 64 characters of 'a' to 'z', '0' to '9', '_' and '-'.");
        return _worker;
    }
}
