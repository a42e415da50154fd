namespace SagaFlow.Worker.Events;

internal sealed class DelegateObserver(Action<WorkerEvent> take) : IWorkerObserver
{
    public void OnEvent(WorkerEvent workerEvent) => take(workerEvent);
}
