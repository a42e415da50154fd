namespace SagaFlow.Storage;

/// <summary>One timer of an author's that is due. It is stale when its row is gone.</summary>
internal sealed record DueTimer(Guid WorkflowId, Guid TimerId, DateTimeOffset DueAt, int Version);
