using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Dispatch;
using SagaFlow.Ingress;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>The engine's start and stop: tables and checks before anything is consumed, then endpoints, then what a crash left behind.</summary>
internal sealed class EngineHost(
    EngineStart start,
    TopologyCheck topology,
    IBus bus,
    BusNames names,
    EngineEndpoints endpoints,
    ArrivalTracker arrivals,
    UnknownAnswers unknownAnswers,
    WorkflowRegistry registry,
    ILogger<EngineHost> logger)
    : IHostedLifecycleService
{
    private readonly List<HostReceiveEndpointHandle> _handles = [];
    private bool _hostTellsMore;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _hostTellsMore = true;
        return PrepareAsync(cancellationToken);
    }

    // Some starters, such as MassTransit's test harness, know nothing but start and stop.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        bus.ConnectReceiveObserver(arrivals);
        if (!_hostTellsMore)
        {
            await PrepareAsync(cancellationToken);
            await StartedAsync(cancellationToken);
        }
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var (queue, receive) in endpoints.All)
        {
            _handles.Add(bus.ConnectReceiveEndpoint(queue, endpoint => endpoints.Configure(queue, endpoint, receive)));
        }

        foreach (var handle in _handles)
        {
            await handle.Ready.WaitAsync(cancellationToken);
        }

        await start.ResumeAsync(cancellationToken);
        logger.EngineStarted(names.Prefix, string.Join(", ", registry.All.Select(x => x.Type)));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Not earlier: a worker in this process hands back what it holds while the host is stopping.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var handle in _handles)
        {
            try
            {
                await handle.StopAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The host waits no longer. What was in hand is delivered again, to another engine or to the next start.
            }
        }

        await unknownAnswers.StopAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await topology.RunAsync(cancellationToken);
        await start.PrepareAsync(cancellationToken);
    }
}
