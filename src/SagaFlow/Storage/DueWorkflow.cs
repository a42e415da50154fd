namespace SagaFlow.Storage;

/// <summary>A running workflow whose own deadline is due. It is stale when the workflow has ended, or has another deadline.</summary>
internal sealed record DueWorkflow(Guid WorkflowId, DateTimeOffset DeadlineAt);
