using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>There is no such workflow, or its retention is over.</summary>
public sealed class WorkflowNotFoundException : SagaFlowException
{
    internal WorkflowNotFoundException(string workflow)
        : base($"Workflow {workflow} is not there. It was never started in this deployment, or its retention is over.")
    {
    }
}
