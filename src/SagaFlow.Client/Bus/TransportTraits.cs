using MassTransit.Transports;
using SagaFlow.Client.Bus.RabbitMq;

namespace SagaFlow.Client.Bus;

/// <summary>What the engine must know about the transport that it runs on. The one place where the two differ in principle.</summary>
internal sealed class TransportTraits(IBusInstance bus)
{
    /// <summary>Whether the bus is on RabbitMQ; otherwise it is in memory.</summary>
    public bool IsRabbitMq { get; } = RabbitMqTransport.SettingsOf(bus) is not null;

    /// <summary>Whether a message that the transport has accepted survives the end of this process.</summary>
    /// <remarks>If it does, a message is stored until the broker has confirmed it, and then forgotten. If not, a row goes only once its
    /// receiver has acknowledged, and a start sends everything again that its receiver may not have seen.</remarks>
    public bool KeepsMessages => IsRabbitMq;
}
