using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Client.Bus;

namespace SagaFlow.Worker;

/// <summary>Starts and stops the pools with the host. The bus was registered before, so that it starts before and stops after.</summary>
internal sealed class WorkerHost(
    ActivityRunners runners, IAnswerSink answers, IBus bus, BusNames names, IOptions<SagaFlowWorkerOptions> options,
    TimeProvider timeProvider, ILogger<WorkerHost> logger) : IHostedService, IDisposable
{
    private readonly List<WorkerPool> _pools =
        [.. runners.All.Select(runner => new WorkerPool(runner, answers, options.Value, timeProvider, logger))];

    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_pools.Select(pool => pool.StartAsync(bus, names, cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_pools.Select(pool => pool.StopAsync(cancellationToken)));

    public void Dispose() => _pools.ForEach(pool => pool.Dispose());
}
