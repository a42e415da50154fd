using System.Collections.Concurrent;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;
using MassTransit.Transports.Fabric;

namespace SagaFlow.Client.Bus;

/// <summary>Creates the deployment's queues on the in-memory transport before the first message for them.</summary>
/// <remarks>A real broker creates the queue with the send. The in-memory transport drops a message whose receiver has never been
/// connected, so that an activity requested before its worker started would be lost.</remarks>
internal sealed class InMemoryQueues(IBusInstance bus, BusNames names)
{
    private readonly ConcurrentDictionary<string, bool> _declared = new(StringComparer.Ordinal);
    private readonly IInMemoryHostConfiguration? _host = bus.HostConfiguration as IInMemoryHostConfiguration;

    public void Declare(string queue)
    {
        // A reply queue is temporary: when it is gone, so are the replies.
        if (_host is not null && names.IsReserved(queue) && _declared.TryAdd(queue, true))
        {
            var transport = _host.TransportProvider;
            transport.MessageFabric.ExchangeDeclare(transport, queue, ExchangeType.FanOut);
            transport.MessageFabric.QueueDeclare(transport, queue);
            transport.MessageFabric.QueueBind(transport, queue, queue);
        }
    }
}
