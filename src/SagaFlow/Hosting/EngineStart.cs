using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Hosting;

/// <summary>What an engine does with its database between its start and its first message, whether a host or a test starts it.</summary>
/// <remarks>All of it may be done again when the database goes away in between.</remarks>
internal sealed class EngineStart(IStoreSchema schema, StateCheck stateCheck, Recovery recovery, IAlarmStore alarms)
{
    /// <summary>Makes the tables, refuses what this version cannot continue, and moves the deadlines that passed meanwhile.</summary>
    /// <exception cref="SagaFlowException">The database cannot be used, or holds workflows that this version cannot continue.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await schema.PrepareAsync(cancellationToken);
        await stateCheck.RunAsync(cancellationToken);
        await recovery.MoveMissedDeadlinesAsync(alarms, cancellationToken);
    }

    /// <summary>Sends again what the stop left behind, once there is somebody to take the answers. Whoever gets a request twice notices.</summary>
    public Task ResumeAsync(CancellationToken cancellationToken) => recovery.DispatchAgainAsync(cancellationToken);
}
