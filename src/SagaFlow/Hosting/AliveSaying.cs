using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;

namespace SagaFlow.Hosting;

/// <summary>Says every five seconds that an engine is alive, so that the next one knows how long none was.</summary>
internal sealed class AliveSaying(EnginePulse pulse, TimeProvider clock, ILogger<AliveSaying> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var isFailing = false;
        do
        {
            try
            {
                await pulse.SayAsync(stoppingToken);
                isFailing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Once for each outage.
                if (!isFailing)
                {
                    isFailing = true;
                    logger.AliveNotSaid(exception);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
