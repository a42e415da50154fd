using System.Collections.Concurrent;
using MassTransit;
using MassTransit.InMemoryTransport;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;
using MassTransit.Transports.Fabric;
using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Dispatch;

/// <summary>Deletes the row of an author's message once every queue of this process that got it has acknowledged it.</summary>
/// <remarks>A message that a crash left unacknowledged is sent again at the next start; workflows drop the repeat by their
/// inbox, other consumers see it at least once.</remarks>
internal sealed class ArrivalTracker(IBusInstance bus, IOutbox outbox, ILogger<ArrivalTracker> logger) : IReceiveObserver
{
    private readonly ConcurrentDictionary<Guid, int> _open = new();

    /// <summary>Counts the queues that the address reaches, before the message is sent.</summary>
    /// <returns>Whether any queue is waited for; with none, the message has arrived once the transport has accepted it.</returns>
    public bool Expect(Guid messageId, Uri address)
    {
        var queues = CountQueues(address);
        if (queues > 0)
        {
            _open.TryAdd(messageId, queues);
        }

        return queues > 0;
    }

    /// <summary>Deletes the row of a message that has arrived.</summary>
    public async Task DeleteAsync(Guid messageId)
    {
        try
        {
            await outbox.DeleteAsync([messageId], CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The row is sent again at the next start, and its receivers drop it.
            logger.OutgoingNotDeleted(messageId, exception);
        }
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    // A delivery that faulted or was given up at a stop has not arrived: its row stays and is sent again at the next start.
    public Task PostReceive(ReceiveContext context) => context.IsFaulted ? Task.CompletedTask : ArriveAsync(context);

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

    private async Task ArriveAsync(ReceiveContext context)
    {
        if (context.TransportHeaders.Get<Guid>(MessageHeaders.MessageId) is not { } id || !_open.ContainsKey(id))
        {
            return;
        }

        if (_open.AddOrUpdate(id, 0, (_, left) => left - 1) > 0)
        {
            return;
        }

        _open.TryRemove(id, out _);
        await DeleteAsync(id);
    }

    private int CountQueues(Uri address)
    {
        if (bus.HostConfiguration is not IInMemoryHostConfiguration host)
        {
            return 0;
        }

        var transport = host.TransportProvider;
        var endpoint = new InMemoryEndpointAddress(host.HostAddress, address);
        var exchange = transport.MessageFabric.GetExchange(transport, endpoint.Name, endpoint.ExchangeType);
        var queues = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Collect(exchange, queues);
        return queues.Count;
    }

    private static void Collect(IMessageSink<InMemoryTransportMessage> sink, HashSet<object> queues)
    {
        if (sink is IMessageExchange<InMemoryTransportMessage> exchange)
        {
            foreach (var next in exchange.Sinks)
            {
                Collect(next, queues);
            }

            return;
        }

        queues.Add(sink);
    }
}
