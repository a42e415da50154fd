using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Ingress;

/// <summary>Looks for the ends that another engine committed: only the engine that commits an end hears of it at once.</summary>
/// <remarks>Only who has waited for an interval is looked for, so that short workflows cost nothing.</remarks>
internal sealed class ResultPolling(ResultWaiters waiters, IWorkflowReader reader, TimeProvider clock, ILogger<ResultPolling> logger) : BackgroundService
{
    /// <summary>How often; about half of it is what a caller waits longer at an engine that did not commit the end.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // All at once: the loader puts them into one round trip.
                await Task.WhenAll(waiters.WaitingLongerThan(Interval).Select(x => LookAsync(x, stoppingToken)));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The next look, or the end of the wait, does as well.
                logger.ReplyNotSent(exception);
            }
        }
    }

    private async Task LookAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        if (await reader.FindWorkflowAsync(workflowId, cancellationToken) is { Status: not WorkflowStatus.Running } ended)
        {
            waiters.Release(ended);
        }
    }
}
