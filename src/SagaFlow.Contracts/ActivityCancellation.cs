namespace SagaFlow.Contracts;

/// <summary>The push to whoever works on an attempt: stop, its result is not wanted any more.</summary>
/// <remarks>On the wire it is one JSON object in camelCase on the topic exchange <c>sagaflow.cancel</c>, under the routing key
/// <c>taskQueue.workflowId.activityId</c>. It is sent once and not kept: who misses it learns the same from the receipt of the next
/// heartbeat.</remarks>
/// <param name="WorkflowId">The workflow's id.</param>
/// <param name="ActivityId">The activity's id within the workflow, such as <c>Transmit-2</c>.</param>
/// <param name="Attempt">The attempt that is to stop, counted from 1.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record ActivityCancellation(Guid WorkflowId, string ActivityId, int Attempt, string Reason);
