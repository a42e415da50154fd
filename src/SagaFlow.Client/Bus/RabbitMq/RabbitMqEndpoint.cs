using MassTransit;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Gives a receive endpoint the shape that the deployment's queues have.</summary>
internal static class RabbitMqEndpoint
{
    // One batch of the store's committer and the next one that gathers meanwhile.
    private const int Concurrency = 256;

    public static void Configure(IRabbitMqReceiveEndpointConfigurator endpoint, RabbitMqTopology topology, string queue)
    {
        endpoint.SetQuorumQueue();
        endpoint.ExchangeType = topology.ExchangeTypeOf(queue);
        endpoint.PrefetchCount = Concurrency;
        endpoint.ConcurrentMessageLimit = Concurrency;

        // There is no word for it in the configurator's interface.
        if (endpoint is RabbitMqReceiveEndpointConfiguration { Settings: RabbitMqReceiveSettings settings })
        {
            settings.RoutingKey = topology.BindingOf(queue);
        }

        // With each new channel, so that what somebody has deleted is there again.
        endpoint.ConfigureChannel(pipe => pipe.UseFilter(new DeclareFilter(topology, queue)));
    }

    private sealed class DeclareFilter(RabbitMqTopology topology, string queue) : IFilter<ChannelContext>
    {
        public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
        {
            await topology.DeclareAsync(context.Channel, queue, context.CancellationToken).ConfigureAwait(false);
            await next.Send(context).ConfigureAwait(false);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("sagaflow-topology");
    }
}
