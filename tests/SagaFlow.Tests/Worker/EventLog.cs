using System.Collections.Concurrent;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>Keeps all that workers tell.</summary>
internal sealed class EventLog : IWorkerObserver
{
    private readonly ConcurrentQueue<WorkerEvent> _all = [];

    public IReadOnlyList<WorkerEvent> All => [.. _all];

    public IReadOnlyList<string> Names => [.. _all.Select(x => x.GetType().Name)];

    public void OnEvent(WorkerEvent workerEvent) => _all.Enqueue(workerEvent);

    public IReadOnlyList<T> Of<T>() where T : WorkerEvent => [.. _all.OfType<T>()];

    /// <summary>The names of what was told of requests.</summary>
    public IReadOnlyList<string> OfAttempts => [.. _all.OfType<AttemptEvent>().Select(x => x.GetType().Name)];

    public Task CountsAsync<T>(int count) where T : WorkerEvent => Eventually.HoldsAsync(() => Task.FromResult(Of<T>().Count >= count));
}
