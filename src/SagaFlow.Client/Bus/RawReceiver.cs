namespace SagaFlow.Client.Bus;

/// <summary>Takes one delivery. Returning acknowledges it; throwing says that the infrastructure is in trouble, so that it is delivered again.</summary>
internal delegate Task RawReceiver(RawMessage message, CancellationToken cancellationToken);
