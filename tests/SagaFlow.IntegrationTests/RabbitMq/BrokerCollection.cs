namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Tests that stop the broker, or look at more of it than their own deployment, run alone, one after the other and after all the rest.</summary>
/// <remarks>A test on the broker that does neither, and mostly waits, needs no collection: it runs beside others.</remarks>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrokerCollection
{
    public const string Name = "RabbitMQ";
}
