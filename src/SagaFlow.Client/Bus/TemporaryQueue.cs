using MassTransit;

namespace SagaFlow.Client.Bus;

/// <summary>A queue that goes with the process which made it.</summary>
internal sealed class TemporaryQueue(string name) : IEndpointDefinition
{
    public bool IsTemporary => true;

    public int? PrefetchCount => null;

    public int? ConcurrentMessageLimit => null;

    public bool ConfigureConsumeTopology => false;

    public string GetEndpointName(IEndpointNameFormatter formatter) => name;

    public void Configure<T>(T configurator, IRegistrationContext? context = null) where T : IReceiveEndpointConfigurator
    {
    }
}
