using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Hosting;

/// <summary>What an engine does between its start and its first message, whether a host or a test starts it.</summary>
internal sealed class EngineStart(
    IStoreSchema schema, StateCheck stateCheck, Recovery recovery, IAlarmStore alarms, ILogger<EngineStart> logger)
{
    private const int MostTries = 5;

    /// <summary>Makes the tables, refuses what this version cannot continue, and moves the deadlines that passed meanwhile.</summary>
    /// <remarks>All of it again when the database went away in between: the first step waits for one that is starting.</remarks>
    /// <exception cref="SagaFlowException">The database cannot be used, or holds workflows that this version cannot continue.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => AgainAsync(PrepareOnceAsync, cancellationToken);

    /// <summary>Sends again what the stop left behind, once there is somebody to take the answers.</summary>
    /// <remarks>All of it again, too: whoever got a request twice notices.</remarks>
    public Task ResumeAsync(CancellationToken cancellationToken) => AgainAsync(recovery.DispatchAgainAsync, cancellationToken);

    private async Task AgainAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await step(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not (SagaFlowException or OperationCanceledException) && tries < MostTries)
            {
                logger.StartInterrupted(exception);
            }
        }
    }

    private async Task PrepareOnceAsync(CancellationToken cancellationToken)
    {
        await schema.PrepareAsync(cancellationToken);
        await stateCheck.RunAsync(cancellationToken);
        await recovery.MoveMissedDeadlinesAsync(alarms, cancellationToken);
    }
}
