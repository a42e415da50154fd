using MassTransit;
using MassTransit.RabbitMqTransport.Topology;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Sends messages of an author's to any address that MassTransit knows, on the connection that everything else leaves by.</summary>
internal sealed class RabbitMqAuthorBus(RabbitMqLinks links, RabbitMqRawBus bus, BusNames names, IBusInstance instance, ILogger<RabbitMqAuthorBus> logger)
{
    private readonly Uri _host = instance.HostConfiguration.HostAddress;

    public Task SendAsync(Uri destination, RawMessage message, CancellationToken cancellationToken)
    {
        var address = new RabbitMqEndpointAddress(_host, destination);

        // A workflow's queue, say: MassTransit's address would declare a queue of another type.
        return names.IsReserved(address.Name)
            ? bus.SendAsync(address.Name, message, cancellationToken)
            : bus.WithinDeadlineAsync(address.Name, (link, giveUp) => SendAsync(link, address, message, giveUp), cancellationToken);
    }

    private async Task SendAsync(RabbitMqLink link, RabbitMqEndpointAddress address, RawMessage message, CancellationToken giveUp)
    {
        await link.DeclareAsync(((Uri)address).AbsoluteUri, channel => DeclareAsync(channel, address)).ConfigureAwait(false);
        try
        {
            await link.PublishAsync(address.Name, "", mandatory: false, RabbitMqMessages.PropertiesOf(message), message.Body, giveUp).ConfigureAwait(false);
        }
        catch (Exception exception) when (RabbitMqErrors.IsMissing(exception))
        {
            // Deleted meanwhile: the next try, on another connection, declares it.
            links.Drop(link);
            throw;
        }
    }

    private async Task DeclareAsync(IChannel channel, RabbitMqEndpointAddress address)
    {
        var topology = new RabbitMqSendSettings(address).GetBrokerTopology();
        try
        {
            foreach (var exchange in topology.Exchanges)
            {
                await channel.ExchangeDeclareAsync(
                    exchange.ExchangeName, exchange.ExchangeType, exchange.Durable, exchange.AutoDelete, exchange.ExchangeArguments!).ConfigureAwait(false);
            }

            foreach (var queue in topology.Queues)
            {
                await channel.QueueDeclareAsync(queue.QueueName, queue.Durable, queue.Exclusive, queue.AutoDelete, queue.QueueArguments!).ConfigureAwait(false);
            }

            foreach (var binding in topology.ExchangeBindings)
            {
                await channel.ExchangeBindAsync(binding.Destination.ExchangeName, binding.Source.ExchangeName, binding.RoutingKey, binding.Arguments!).ConfigureAwait(false);
            }

            foreach (var binding in topology.QueueBindings)
            {
                await channel.QueueBindAsync(binding.Destination.QueueName, binding.Source.ExchangeName, binding.RoutingKey, binding.Arguments!).ConfigureAwait(false);
            }
        }
        catch (OperationInterruptedException exception) when (RabbitMqErrors.MissingRight(exception) is not null || RabbitMqErrors.IsOtherwise(exception))
        {
            logger.NotDeclared(address.Name, RabbitMqErrors.Describe(exception));
        }
    }
}
