using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.Worker.Events;

/// <summary>Tells every observer what happens to the workers of this process.</summary>
internal sealed class WorkerEvents(IServiceProvider services, TimeProvider timeProvider, ILogger<WorkerEvents> logger)
{
    // Not with the worker: an observer may want the worker itself, which needs this.
    private readonly Lazy<IReadOnlyList<IWorkerObserver>> _observers = new(() => [.. services.GetServices<IWorkerObserver>()]);

    /// <summary>Makes the observers, before there is anything to tell them.</summary>
    /// <exception cref="SagaFlowException">One of them cannot be made.</exception>
    public void MakeObservers()
    {
        try
        {
            _ = _observers.Value;
        }
        catch (Exception exception)
        {
            throw new SagaFlowException(
                $"An observer of the worker (AddObserver, or a registered {nameof(IWorkerObserver)}) cannot be made: {exception.Message}", exception);
        }
    }

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
