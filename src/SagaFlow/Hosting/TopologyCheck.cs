using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>Declares everything of the deployment on RabbitMQ before the engine starts, and says which right is missing or what is declared otherwise.</summary>
/// <remarks>Later it would show as a bus that never gets ready, or as messages that are delivered for ever.</remarks>
internal sealed class TopologyCheck(
    TransportTraits transport, BusNames names, WorkflowRegistry registry, RabbitMqTopology topology, IServiceProvider services)
{
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
            await TryAsync(link, queue, channel => ReadAsync(channel, queue, cancellationToken));
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

    private static async Task TryAsync(RabbitMqLink link, string name, Func<IChannel, Task> work)
    {
        try
        {
            await link.RunAsync(work);
        }
        catch (Exception exception) when (RabbitMqErrors.MissingRight(exception) is { } reason)
        {
            throw new SagaFlowException(
                $"The RabbitMQ user lacks a right on '{name}': {reason}. The engine needs configure, write and read on everything that begins with its prefix.", exception);
        }
        catch (Exception exception) when (RabbitMqErrors.IsOtherwise(exception))
        {
            throw new SagaFlowException(
                $"RabbitMQ has '{name}' declared otherwise than the engine does: {RabbitMqErrors.Describe(exception)}. Delete it when it is empty, or choose another prefix.",
                exception);
        }
    }
}
