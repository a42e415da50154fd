using MassTransit;

namespace SagaFlow.Workflows;

/// <summary>Inside the engine only: an activity of this workflow is closed, or was heard of. The turn that raises it carries the
/// outcome or the heartbeat.</summary>
/// <remarks>No exchange is bound for it, and a message of this type that comes from a queue is refused.</remarks>
[ExcludeFromTopology]
internal sealed record ActivityEnded(Guid WorkflowId);
