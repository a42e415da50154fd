using MassTransit;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus;

/// <summary>Slots on a receive endpoint: for the in-memory transport, where a delivery that waits for a slot costs nothing.</summary>
internal sealed class EndpointSlotSource(IBus bus, TimeProvider timeProvider, ILogger<EndpointSlotSource> logger) : ISlotSource
{
    public async Task<ISlotConsumer> ConsumeAsync(string queue, int slots, SlotReceiver receive, CancellationToken cancellationToken)
    {
        Task TakeAsync(RawMessage message, CancellationToken token) => receive(message, token);
        var handle = bus.ConnectReceiveEndpoint(queue, endpoint => RawEndpoint.Configure(endpoint, TakeAsync, timeProvider, logger, slots));
        await handle.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Consumer(handle);
    }

    private sealed class Consumer(HostReceiveEndpointHandle handle) : ISlotConsumer
    {
        public Task StopAsync(CancellationToken cancellationToken) => handle.StopAsync(cancellationToken);
    }
}
