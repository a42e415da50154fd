using System.Text;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Cancels a workflow, whoever asked: the control queue, HTTP or a test. Whether he may is decided before.</summary>
internal sealed class CancelIngress(WorkflowEnding ending, BusNames names)
{
    private const string Unexplained = "Canceled from outside";

    public Task<Receipt> CancelAsync(CancelWorkflow cancel, CancellationToken cancellationToken)
    {
        var workflowId = cancel.WorkflowId ?? WireIds.Workflow(names.Prefix, cancel.WorkflowType!, cancel.BusinessKey!.Normalize(NormalizationForm.FormC));
        return ending.CancelAsync(workflowId, string.IsNullOrWhiteSpace(cancel.Reason) ? Unexplained : cancel.Reason, cancellationToken);
    }
}
