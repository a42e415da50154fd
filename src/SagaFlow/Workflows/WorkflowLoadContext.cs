using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Lets MassTransit's own tools, such as its saga test harness, look at a workflow.</summary>
internal sealed class WorkflowLoadContext<TInstance>(IWorkflowReader reader, CancellationToken cancellationToken)
    : BasePipeContext(cancellationToken), LoadSagaRepositoryContext<TInstance>
    where TInstance : WorkflowInstance
{
    public async Task<TInstance> Load(Guid correlationId)
    {
        var workflow = await reader.FindWorkflowAsync(correlationId, CancellationToken);
        return workflow is null ? null! : WorkflowDocument.Read<TInstance>(workflow);
    }
}
