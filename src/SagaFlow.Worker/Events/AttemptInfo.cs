namespace SagaFlow.Worker;

/// <summary>Names an attempt, without its token and payloads: safe to log.</summary>
/// <param name="WorkflowType">The workflow's type, in kebab case.</param>
/// <param name="WorkflowId">The workflow's id.</param>
/// <param name="ActivityId">The activity's id within its workflow, such as <c>Transmit-2</c>.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Attempt">The attempt, counted from 1.</param>
public sealed record AttemptInfo(string WorkflowType, Guid WorkflowId, string ActivityId, string Activity, int Attempt);
