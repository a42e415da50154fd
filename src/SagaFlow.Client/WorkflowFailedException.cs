using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>A workflow ended without a result.</summary>
public sealed class WorkflowFailedException : SagaFlowException
{
    internal WorkflowFailedException(WorkflowDescription workflow)
        : base($"Workflow '{workflow.BusinessKey}' ({workflow.Type}, {workflow.Id}) ended as {workflow.Status}: "
            + (workflow.Failure is { } failure ? $"{failure.Type}: {failure.Message}" : "no reason is stored"))
    {
        WorkflowId = workflow.Id;
        Status = workflow.Status;
        Failure = workflow.Failure;
    }

    /// <summary>Gets the workflow's id.</summary>
    public Guid WorkflowId { get; }

    /// <summary>Gets how it ended: <c>Failed</c>, <c>Canceled</c> or <c>TimedOut</c>.</summary>
    public string Status { get; }

    /// <summary>Gets why; <see langword="null"/> when no reason is stored.</summary>
    public ActivityFailure? Failure { get; }
}
