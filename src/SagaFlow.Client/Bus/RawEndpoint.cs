using MassTransit;
using MassTransit.Transports.Fabric;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus;

/// <summary>Makes a receive endpoint hand over every body as bytes. Nothing lands in <c>_skipped</c> or <c>_error</c> because of its content.</summary>
internal static class RawEndpoint
{
    /// <summary>Configures an endpoint of any transport.</summary>
    /// <param name="endpoint">The endpoint; it gets no bindings but those that are asked for.</param>
    /// <param name="receive">Takes each delivery.</param>
    /// <param name="timeProvider">Paces the repetitions after an exception.</param>
    /// <param name="logger">Hears of each exception that is answered with a repetition.</param>
    /// <param name="concurrency">How many deliveries are in hand at once; <see langword="null"/> leaves it to the bus.</param>
    public static void Configure(
        IReceiveEndpointConfigurator endpoint, RawReceiver receive, TimeProvider timeProvider, ILogger logger, int? concurrency = null)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        OrderlyChannel.Configure(endpoint);
        if (concurrency is { } limit)
        {
            endpoint.PrefetchCount = limit;
            endpoint.ConcurrentMessageLimit = limit;
        }

        var redelivers = endpoint.InputAddress.Scheme != "loopback";
        var filter = new RawFilter(receive, redelivers, timeProvider, logger);

        // A filter added here stands before MassTransit's deserializer, its error filter and its dead-letter filter, so that
        // none of them ever judges a body: content is judged by those who know the token.
        endpoint.ConfigureReceive(pipe => pipe.AddPipeSpecification(new RawFilterSpecification(filter)));
    }

    /// <summary>Binds the endpoint to a topic exchange.</summary>
    public static void BindTopic(IReceiveEndpointConfigurator endpoint, string exchange, string pattern)
    {
        switch (endpoint)
        {
            case IInMemoryReceiveEndpointConfigurator inMemory:
                inMemory.Bind(exchange, ExchangeType.Topic, pattern);
                break;
            case IRabbitMqReceiveEndpointConfigurator rabbit:
                rabbit.Bind(exchange, binding =>
                {
                    binding.ExchangeType = RabbitMQ.Client.ExchangeType.Topic;
                    binding.RoutingKey = pattern;
                });
                break;
            default:
                throw new SagaFlowException($"The transport of endpoint '{endpoint.InputAddress}' has no topic binding for '{exchange}'.");
        }
    }
}
