using SagaFlow.Activities;

namespace SagaFlow.Storage;

/// <summary>One deadline that is due. It is stale when the activity's version has moved on.</summary>
internal sealed record DueRing(Guid WorkflowId, string ActivityId, string WorkflowType, int Attempt, Deadline Due);
