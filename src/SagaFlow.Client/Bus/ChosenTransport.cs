using MassTransit;
using MassTransit.Configuration;
using MassTransit.InMemoryTransport.Configuration;
using MassTransit.Transports;

namespace SagaFlow.Client.Bus;

/// <summary>Builds the bus on the transport that was chosen last, because the choice may come after the bus was registered.</summary>
internal sealed class ChosenTransport : IRegistrationBusFactory
{
    private Func<IRegistrationBusFactory> _choice = InMemory;

    public void Choose(Func<IRegistrationBusFactory> transport) => _choice = transport;

    public IBusInstance CreateBus(IBusRegistrationContext context, IEnumerable<IBusInstanceSpecification> specifications, string busName) =>
        _choice().CreateBus(context, specifications, busName);

    private static InMemoryRegistrationBusFactory InMemory() =>
        new(baseAddress: null, (context, bus) => bus.ConfigureEndpoints(context));
}
