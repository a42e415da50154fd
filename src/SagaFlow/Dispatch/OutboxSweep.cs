using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Joins;
using SagaFlow.Storage;

namespace SagaFlow.Dispatch;

/// <summary>On a broker: sends what a crash, an outage or a refusal left in the outbox, at most five seconds after it was decided.</summary>
/// <remarks>Each engine sweeps. A claim keeps the others away for a while, so that a message which cannot be sent rests in between and
/// never stands in the way of the next.</remarks>
internal sealed class OutboxSweep(
    IOutbox outbox, IWorkflowReader reader, OutgoingDispatcher dispatcher, MessagesInHand inHand, IOutgoingSender sender,
    TransportTraits transport, IStoreClock storeClock, TimeProvider clock, ILogger<OutboxSweep> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1.5);

    private const int BatchSize = 500;
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(3);

    // Longer than a publish may take.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private HashSet<(Guid, string)> _metBefore = [];

    /// <summary>Hands everything that is left behind to the dispatcher, as fast as the broker takes it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await sender.IsReachableAsync(cancellationToken))
        {
            return;
        }

        IReadOnlyList<OutgoingMessage> batch;
        do
        {
            var now = await storeClock.ReadAsync(cancellationToken);
            batch = await outbox.ClaimUnconfirmedAsync(now, now - OnItsWay, now + Lease, BatchSize, cancellationToken);
            dispatcher.Enqueue(batch);
            await AwaitRoomAsync(cancellationToken);
        }
        while (batch.Count == BatchSize && await sender.IsReachableAsync(cancellationToken));

        await JoinLeftBehindAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!transport.KeepsMessages)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.OutboxNotSwept(exception);
            }
        }
    }

    private async Task AwaitRoomAsync(CancellationToken cancellationToken)
    {
        while (inHand.Count > BatchSize * 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken);
        }
    }

    // A join is not stored: the row of its group says that it is due. One that was due at the last look too was left behind.
    private async Task JoinLeftBehindAsync(CancellationToken cancellationToken)
    {
        var now = await storeClock.ReadAsync(cancellationToken);
        var met = await reader.ReadMetGroupsAsync(null, BatchSize, cancellationToken);
        dispatcher.Enqueue(met.Where(x => _metBefore.Contains((x.WorkflowId, x.Id))).Select(x => new JoinMessage(x.WorkflowId, x.Id).ToOutgoing(now)));
        _metBefore = [.. met.Select(x => (x.WorkflowId, x.Id))];
    }
}
