using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Client.Bus;

namespace SagaFlow.Worker;

/// <summary>Starts and stops the pools with the host. They stop before any other service of the host does, so that an engine in
/// the same process still takes what they hand back.</summary>
internal sealed class WorkerHost(
    ActivityRunners runners, RunningAttempts running, CancelListener cancellations, IAnswerSink answers, ISlotSource source, BusNames names,
    IOptions<SagaFlowWorkerOptions> options, TimeProvider timeProvider, ILogger<WorkerHost> logger) : IHostedLifecycleService, IDisposable
{
    private readonly List<WorkerPool> _pools =
        [.. runners.All.Select(runner => new WorkerPool(runner, answers, source, options.Value, timeProvider, logger))];

    private HostReceiveEndpointHandle? _listening;

    // Before the first request, so that no push for it is missed.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_pools.Count > 0)
        {
            _listening = await cancellations.ConnectAsync(
                runners.All.Select(runner => runner.TaskQueue), (cancellation, _) => running.CancelAsync(cancellation), cancellationToken);
        }

        await Task.WhenAll(_pools.Select(pool => pool.StartAsync(names, cancellationToken)));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_pools.Select(pool => pool.StopAsync(cancellationToken)));
        if (Interlocked.Exchange(ref _listening, null) is { } listening)
        {
            await listening.StopAsync(cancellationToken);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _pools.ForEach(pool => pool.Dispose());
}
