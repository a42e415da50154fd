using MassTransit;
using MassTransit.Configuration;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SagaFlow.Client.Bus.RabbitMq;

namespace SagaFlow.Client.Bus;

/// <summary>Builds the bus on the transport that client, worker or engine chose: on RabbitMQ, or in memory when none did.</summary>
internal sealed class ChosenTransport : IRegistrationBusFactory
{
    public IBusInstance CreateBus(IBusRegistrationContext context, IEnumerable<IBusInstanceSpecification> specifications, string busName) =>
        Choose(context.GetRequiredService<IOptions<SagaFlowClientOptions>>().Value).CreateBus(context, specifications, busName);

    private static IRegistrationBusFactory Choose(SagaFlowClientOptions options) =>
        options.RabbitMq is { } address ? RabbitMqTransport.FactoryFor(address) : InMemory();

    private static InMemoryRegistrationBusFactory InMemory() =>
        new(baseAddress: null, (context, bus) => bus.ConfigureEndpoints(context));
}
