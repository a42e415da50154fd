using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Worker.Events;

/// <summary>Tells every observer what happens to the workers of this process.</summary>
internal sealed class WorkerEvents(IServiceProvider services, TimeProvider timeProvider, ILogger<WorkerEvents> logger)
{
    // Not before the first event: an observer may want the worker itself, which needs this.
    private readonly Lazy<IReadOnlyList<IWorkerObserver>> _observers = new(() => [.. services.GetServices<IWorkerObserver>()]);

    /// <summary>Tells an event, and returns it as it was told.</summary>
    public WorkerEvent Raise(string worker, string taskQueue, WorkerEvent what)
    {
        var workerEvent = what with { Worker = worker, TaskQueue = taskQueue, At = timeProvider.GetUtcNow() };
        foreach (var observer in _observers.Value)
        {
            try
            {
                observer.OnEvent(workerEvent);
            }
            catch (Exception exception)
            {
                logger.ObserverThrew(SafeException.Of(exception), workerEvent.GetType().Name, worker);
            }
        }

        return workerEvent;
    }
}
