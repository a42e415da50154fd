using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Dispatch;
using SagaFlow.Ingress;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>The engine's start and stop: tables and checks before anything is consumed, then endpoints, then what a crash left behind.</summary>
internal sealed class EngineHost(
    StartRetry retry,
    EngineStart start,
    TopologyCheck topology,
    IBus bus,
    BusNames names,
    EngineEndpoints endpoints,
    ArrivalTracker arrivals,
    UnknownAnswers unknownAnswers,
    WorkflowRegistry registry,
    TimeProvider clock,
    ILogger<EngineHost> logger)
    : IHostedLifecycleService
{
    private IReadOnlyList<HostReceiveEndpointHandle> _handles = [];
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
        await retry.RunAsync(ServeAsync, cancellationToken);
        logger.EngineStarted(names.Prefix, string.Join(", ", registry.All.Select(x => x.Type)));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Not earlier: a worker in this process hands back what it holds while the host is stopping.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DisconnectAsync(cancellationToken);
        await unknownAnswers.StopAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before the bus starts, because it would wait for ever, without a word, for what will never be.
    private Task PrepareAsync(CancellationToken cancellationToken) => retry.RunAsync(
        async token =>
        {
            await topology.RunAsync(token);
            await start.PrepareAsync(token);
        },
        cancellationToken);

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        if (_handles.Count == 0)
        {
            await ConnectAsync(cancellationToken);
        }

        await start.ResumeAsync(cancellationToken);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        HostReceiveEndpointHandle[] handles =
            [.. endpoints.All.Select(x => bus.ConnectReceiveEndpoint(x.Queue, endpoint => endpoints.Configure(x.Queue, endpoint, x.Receive)))];
        await EndpointConnecting.WaitAsync(handles, clock, cancellationToken);
        _handles = handles;
    }

    private async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        foreach (var handle in _handles)
        {
            try
            {
                await handle.StopAsync(cancellationToken).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Nobody waits any longer. What was in hand is delivered again, to another engine or to the next start.
            }
        }

        _handles = [];
    }
}
