namespace SagaFlow.Storage;

/// <summary>Names one message at one endpoint. The same id at another endpoint, or for another workflow, is another message.</summary>
internal sealed record InboxKey(string Endpoint, Guid WorkflowId, Guid MessageId);
