using MassTransit;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>What a service on MassTransit declares to answer activities: it needs no package of SagaFlow.</summary>
[EntityName("sagaflow.activity-completed")]
[MessageUrn("sagaflow:activity-completed")]
public sealed record ActivityCompleted(string TaskToken, Shipped Result);

[EntityName("sagaflow.activity-failed")]
[MessageUrn("sagaflow:activity-failed")]
public sealed record ActivityFailed(string TaskToken, CarrierFailure Failure);

public sealed record CarrierFailure(string Type, string Message, bool Retryable);

/// <summary>The receipt, for a service that asks for it with a request client.</summary>
[MessageUrn("sagaflow:receipt")]
public sealed record CarrierReceipt(string Disposition, string? Detail, bool CancelRequested);
