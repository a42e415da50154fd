using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Dispatch;

/// <summary>Sends outgoing messages by the bus, byte for byte as they were decided.</summary>
internal sealed class BusSender(
    IRawBus rawBus, IBus bus, BusNames names, InternalMac mac, ArrivalTracker arrivals, TransportTraits transport, IServiceProvider services) : IOutgoingSender
{
    // Only there on RabbitMQ.
    private readonly Lazy<RabbitMqAuthorBus> _authors = new(() => ActivatorUtilities.CreateInstance<RabbitMqAuthorBus>(services));
    private readonly Lazy<RabbitMqLinks> _links = new(services.GetRequiredService<RabbitMqLinks>);

    public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken) => message.Kind switch
    {
        OutgoingKind.ActivityRequest => rawBus.SendAsync(message.Destination, Raw(message), cancellationToken),
        OutgoingKind.Cancel => rawBus.PublishAsync(names.Cancel, message.Destination, mac.Sign(Raw(message)), cancellationToken),
        OutgoingKind.Join => rawBus.SendAsync(names.Joins, mac.Sign(Raw(message)), cancellationToken),
        _ => transport.IsRabbitMq
            ? _authors.Value.SendAsync(new Uri(message.Destination), Raw(message), cancellationToken)
            : SendAuthorsAsync(message),
    };

    public async Task<bool> IsReachableAsync(CancellationToken cancellationToken)
    {
        if (!transport.IsRabbitMq)
        {
            return true;
        }

        try
        {
            return !(await _links.Value.GetAsync(cancellationToken)).IsBlocked;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Said by the link.
            return false;
        }
    }

    private static RawMessage Raw(OutgoingMessage message) =>
        new() { Body = message.Body, ContentType = message.ContentType, MessageId = message.Id.ToString() };

    // The row stays until every receiver in this process has acknowledged: the in-memory transport forgets at a crash.
    private async Task SendAuthorsAsync(OutgoingMessage message)
    {
        var address = new Uri(message.Destination);
        var isTracked = arrivals.Expect(message.Id, address);
        var endpoint = await bus.GetSendEndpoint(address);
        await endpoint.Send(new RawBody(message.Body), context => Restore(context, message), CancellationToken.None);
        if (!isTracked)
        {
            await arrivals.DeleteAsync(message.Id);
        }
    }

    private static void Restore(SendContext<RawBody> context, OutgoingMessage message)
    {
        context.Serializer = new RawSerializer(message.ContentType);
        context.ContentType = context.Serializer.ContentType;
        context.MessageId = message.Id;
    }
}
