using MassTransit;
using MassTransit.Transports;

namespace SagaFlow.Client.Bus;

/// <summary>Sends through the bus itself, never through a consumer's scope: nothing of a user's outbox or filters holds it back.</summary>
internal sealed class RawBus(IBusInstance instance, BusNames names, TimeProvider timeProvider) : IRawBus
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly IBus _bus = instance.Bus;
    private readonly InMemoryQueues _queues = new(instance, names);

    public Task SendAsync(string queue, RawMessage message, CancellationToken cancellationToken)
    {
        _queues.Declare(queue);
        return SendAsync(new Uri("queue:" + queue), routingKey: null, message, cancellationToken);
    }

    public Task PublishAsync(string exchange, string routingKey, RawMessage message, CancellationToken cancellationToken) =>
        SendAsync(new Uri($"exchange:{exchange}?type={TopicType}"), routingKey, message, cancellationToken);

    public string? QueueAt(Uri address) => BusAddresses.QueueAt(_bus.Address, address);

    // The in-memory transport reads the name of its enumeration, RabbitMQ the name of the protocol.
    private string TopicType => _bus.Address.Scheme == "loopback" ? "Topic" : "topic";

    private async Task SendAsync(Uri address, string? routingKey, RawMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // Cancelling a publish can corrupt the numbering of confirms, and a publish can hang for ever after a broker's
            // restart: so it gets no token, and the deadline ends only the waiting.
            await TransmitAsync(address, routingKey, message).WaitAsync(Deadline, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The transport did not accept a message for '{address}' within {Deadline.TotalSeconds} s.", exception);
        }
    }

    private async Task TransmitAsync(Uri address, string? routingKey, RawMessage message)
    {
        var endpoint = await _bus.GetSendEndpoint(address).ConfigureAwait(false);
        await endpoint.Send(new RawBody(message.Body), context => Apply(context, routingKey, message), CancellationToken.None).ConfigureAwait(false);
    }

    private static void Apply(SendContext<RawBody> context, string? routingKey, RawMessage message)
    {
        context.Serializer = new RawSerializer(message.ContentType);
        context.ContentType = context.Serializer.ContentType;
        if (Guid.TryParse(message.MessageId, out var messageId))
        {
            context.MessageId = messageId;
        }

        foreach (var (name, value) in message.Headers)
        {
            context.Headers.Set(name, value);
        }

        context.Headers.Set(RawHeaders.ReplyTo, message.ReplyTo);
        context.Headers.Set(RawHeaders.CorrelationId, message.CorrelationId);
        context.Headers.Set(RawHeaders.ContentEncoding, message.ContentEncoding);
        if (routingKey is not null)
        {
            context.TrySetRoutingKey(routingKey);
        }
    }
}
