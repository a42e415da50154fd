using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The runners of this process, one for each task queue that has a handler.</summary>
internal sealed class ActivityRunners
{
    private readonly Dictionary<string, ActivityRunner> _runners;

    public ActivityRunners(IEnumerable<HandlerRegistration> handlers, RunServices services) =>
        _runners = handlers.GroupBy(handler => handler.TaskQueue, StringComparer.Ordinal)
            .ToDictionary(queue => queue.Key, queue => new ActivityRunner(queue.Key, queue, services), StringComparer.Ordinal);

    public IReadOnlyCollection<ActivityRunner> All => _runners.Values;

    public ActivityRunner For(string taskQueue) => _runners.GetValueOrDefault(taskQueue)
        ?? throw new SagaFlowException($"No handler was added on task queue '{taskQueue}'.");
}
