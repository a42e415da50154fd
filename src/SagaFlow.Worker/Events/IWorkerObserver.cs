namespace SagaFlow.Worker;

/// <summary>Hears what happens to the workers of this process: register any number of them, with
/// <see cref="SagaFlowWorkerBuilder.AddObserver{TObserver}"/> or <see cref="SagaFlowWorkerBuilder.OnEvent"/>.</summary>
public interface IWorkerObserver
{
    /// <summary>Takes an event.</summary>
    /// <param name="workerEvent">What happened: see <see cref="WorkerEvent"/> for all of them.</param>
    /// <remarks>It is called on the worker's own thread, in order for each worker, for several workers at once: return soon. An exception
    /// is logged and changes nothing.</remarks>
    void OnEvent(WorkerEvent workerEvent);
}
