using MassTransit;
using MassTransit.RabbitMqTransport.Topology;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;
using SagaFlow.Workflows;
using ExchangeType = RabbitMQ.Client.ExchangeType;

namespace SagaFlow.Hosting;

/// <summary>Declares everything that the engine uses on RabbitMQ before it starts, and says which right is missing or what is declared otherwise.</summary>
/// <remarks>Later it would show as a bus that never gets ready, as messages that are delivered for ever, or as a publish that closes the
/// channel which everybody publishes on.</remarks>
internal sealed class TopologyCheck(
    TransportTraits transport, BusNames names, WorkflowRegistry registry, RabbitMqTopology topology, IBusInstance bus, IServiceProvider services)
{
    private const string DefaultExchange = "amq.default";

    // A start that waits for its database checks again and again, and newer brokers drop what was given back twenty times.
    private readonly HashSet<string> _readable = new(StringComparer.Ordinal);

    /// <exception cref="SagaFlowException">The broker refuses something; the message says what.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!transport.IsRabbitMq)
        {
            return;
        }

        var link = await services.GetRequiredService<RabbitMqLinks>().EnterAsync(cancellationToken);
        string[] queues = [names.Answers, names.Control, names.Timers, names.Joins, .. registry.All.Select(x => names.Workflow(x.Type))];
        await TryAsync(link, names.Cancel, channel => topology.DeclareAsync(channel, names.Cancel, cancellationToken));
        foreach (var queue in queues)
        {
            await TryAsync(link, queue, channel => topology.DeclareAsync(channel, queue, cancellationToken));
            if (!_readable.Contains(queue))
            {
                await TryAsync(link, queue, channel => ReadAsync(channel, queue, cancellationToken));
                _readable.Add(queue);
            }
        }

        // Receipts leave by the default exchange, cancellations by one that is only declared so far. The keys are nobody's.
        await TryAsync(link, DefaultExchange, channel => WriteAsync(channel, "", $"{names.Prefix}-nobody", cancellationToken));
        await TryAsync(link, names.Cancel, channel => WriteAsync(channel, names.Cancel, "", cancellationToken));
        foreach (var workflow in registry.All)
        {
            await CheckMessagesAsync(link, workflow, cancellationToken);
        }
    }

    // The right to consume can only be found out by reading; what was read is given back.
    private static async Task ReadAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } message)
        {
            await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, cancellationToken);
        }
    }

    // A publish has no answer: the one to the next request says whether it was refused.
    private static async Task WriteAsync(IChannel channel, string exchange, string routingKey, CancellationToken cancellationToken)
    {
        await channel.BasicPublishAsync(exchange, routingKey, body: default, CancellationToken.None);
        await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false, cancellationToken);
    }

    // The bus binds the workflow's queue to the exchanges of the author's messages, which it names itself.
    private async Task CheckMessagesAsync(RabbitMqLink link, WorkflowDefinition workflow, CancellationToken cancellationToken)
    {
        foreach (var type in workflow.Machine.Signals.Values.Select(x => x.MessageType).Prepend(workflow.Machine.Start!.MessageType))
        {
            if (bus.Bus.Topology.TryGetPublishAddress(type, out var published))
            {
                var address = new RabbitMqEndpointAddress(bus.HostConfiguration.HostAddress, published);
                await TryAsync(link, address.Name, channel => BindAsync(channel, address, names.Workflow(workflow.Type), cancellationToken));
            }
        }
    }

    private static async Task BindAsync(IChannel channel, RabbitMqEndpointAddress message, string workflow, CancellationToken cancellationToken)
    {
        foreach (var exchange in new RabbitMqSendSettings(message).GetBrokerTopology().Exchanges)
        {
            await channel.ExchangeDeclareAsync(
                exchange.ExchangeName, exchange.ExchangeType, exchange.Durable, exchange.AutoDelete, exchange.ExchangeArguments!, cancellationToken: cancellationToken);
        }

        // Where the author has chosen another type, only the bus knows the key.
        if (message.ExchangeType == ExchangeType.Fanout)
        {
            await channel.ExchangeBindAsync(workflow, message.Name, "", cancellationToken: cancellationToken);
        }
    }

    private static async Task TryAsync(RabbitMqLink link, string name, Func<IChannel, Task> work)
    {
        try
        {
            await link.RunAsync(work);
        }
        catch (Exception exception) when (RabbitMqErrors.MissingRight(exception) is { } reason)
        {
            throw new SagaFlowException(
                $"The RabbitMQ user lacks a right on '{name}': {reason}. The engine needs configure, write and read on everything that begins with its prefix "
                + $"and on the exchanges of the messages that its workflows take or publish, and write on '{DefaultExchange}', by which receipts leave.",
                exception);
        }
        catch (Exception exception) when (RabbitMqErrors.IsOtherwise(exception))
        {
            throw new SagaFlowException(
                $"RabbitMQ has '{name}' declared otherwise than the engine does: {RabbitMqErrors.Describe(exception)}. Delete it when it is empty, or choose another prefix.",
                exception);
        }
    }
}
