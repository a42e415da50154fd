namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>What a program in any language is told to publish.</summary>
internal sealed record PublishedMessage(string Exchange, string RoutingKey, string Body);
