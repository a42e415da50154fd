using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using NSubstitute;
using SagaFlow.Client.Bus;

namespace SagaFlow.Tests.Dispatch;

/// <summary>A transport that keeps messages, as far as the engine looks at it.</summary>
internal static class BrokerTransport
{
    public static TransportTraits Traits()
    {
        var bus = Substitute.For<IBusInstance>();
        var host = Substitute.For<IRabbitMqHostConfiguration>();
        bus.HostConfiguration.Returns(host);
        return new TransportTraits(bus);
    }
}
