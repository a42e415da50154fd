namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Tests of one broker run one after the other: some of them stop it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrokerCollection
{
    public const string Name = "RabbitMQ";
}
