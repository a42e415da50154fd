namespace SagaFlow.Contracts;

/// <summary>Where the answer to a request goes on the broker.</summary>
/// <param name="Exchange">The exchange, <c>sagaflow.answers</c> unless the deployment has another prefix.</param>
/// <param name="RoutingKey">The routing key to publish with.</param>
public sealed record AnswerAddress(string Exchange, string RoutingKey);
