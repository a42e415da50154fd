using MassTransit;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus;

/// <summary>Slots on a receive endpoint: for the in-memory transport, where a delivery that waits for a slot costs nothing.</summary>
internal sealed class EndpointSlotSource(IBus bus, IRawBus raw, TimeProvider timeProvider, ILogger<EndpointSlotSource> logger) : ISlotSource
{
    public async Task<ISlotConsumer> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        var consumer = new EndpointSlotConsumer(queue, raw, logger);
        var handle = bus.ConnectReceiveEndpoint(
            queue, endpoint => RawEndpoint.Configure(endpoint, consumer.DeliverAsync, timeProvider, logger, EndpointSlotConsumer.MostInHand));
        await handle.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        consumer.Begin(handle);
        return consumer;
    }
}
