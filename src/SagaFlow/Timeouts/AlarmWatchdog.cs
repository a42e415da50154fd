using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;

namespace SagaFlow.Timeouts;

/// <summary>Stands outside Quartz and sees that the sweep still runs; when it stands, the scheduler is rebuilt.</summary>
internal sealed class AlarmWatchdog(DueSweep sweep, AlarmClock alarm, TimeProvider clock, ILogger<AlarmWatchdog> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2.5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (sweep.Stands)
            {
                logger.AlarmRebuilt(sweep.SinceLastSign);
                await RebuildAsync(stoppingToken);
            }
        }
    }

    private async Task RebuildAsync(CancellationToken stoppingToken)
    {
        try
        {
            await alarm.RebuildAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            logger.SweepFailed(exception);
        }
    }
}
