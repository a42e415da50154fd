using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>There is no such workflow, or it was deleted.</summary>
public sealed class WorkflowNotFoundException : SagaFlowException
{
    internal WorkflowNotFoundException(string workflow)
        : base($"Workflow {workflow} is not there. It was never started in this deployment, or it was deleted.")
    {
    }
}
