using System.Diagnostics.CodeAnalysis;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus;

/// <summary>Slots on a receive endpoint: for the in-memory transport, where a delivery that waits for a slot costs nothing.</summary>
/// <remarks>A bus has one endpoint for a queue: all who open it share that, and the last to leave disconnects it.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that is disposed never wakes who waits at it; it holds nothing else.")]
internal sealed class EndpointSlotSource(IBus bus, IRawBus raw, TimeProvider timeProvider, ILogger<EndpointSlotSource> logger) : ISlotSource
{
    private readonly Dictionary<string, Shared> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<ISlotConsumer> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var shared = _open.GetValueOrDefault(queue) ?? new Shared(await ConnectAsync(queue, cancellationToken).ConfigureAwait(false), 0);
            _open[queue] = shared with { Users = shared.Users + 1 };
            return new Lease(this, queue, shared.Consumer);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<EndpointSlotConsumer> ConnectAsync(string queue, CancellationToken cancellationToken)
    {
        var consumer = new EndpointSlotConsumer(queue, raw, logger);
        var handle = bus.ConnectReceiveEndpoint(
            queue, endpoint => RawEndpoint.Configure(endpoint, consumer.DeliverAsync, timeProvider, logger, EndpointSlotConsumer.MostInHand));
        consumer.Begin(handle);
        try
        {
            await handle.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            return consumer;
        }
        catch
        {
            _ = consumer.DisposeAsync().AsTask();
            throw;
        }
    }

    private async Task LeaveAsync(string queue)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var shared = _open[queue];
            if (shared.Users > 1)
            {
                _open[queue] = shared with { Users = shared.Users - 1 };
                return;
            }

            _open.Remove(queue);
            await shared.Consumer.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed record Shared(EndpointSlotConsumer Consumer, int Users);

    private sealed class Lease(EndpointSlotSource source, string queue, EndpointSlotConsumer consumer) : ISlotConsumer
    {
        private int _left;

        public Task ConsumeAsync(SlotReceiver receive, Action consuming, CancellationToken leaving) => consumer.ConsumeAsync(receive, consuming, leaving);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                await source.LeaveAsync(queue).ConfigureAwait(false);
            }
        }
    }
}
