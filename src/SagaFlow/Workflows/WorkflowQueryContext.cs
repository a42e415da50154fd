using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Lets MassTransit's saga test harness look for workflows by what they hold: among the latest of the type, read one by one.</summary>
internal sealed class WorkflowQueryContext<TInstance>(IWorkflowReader reader, string type, CancellationToken cancellationToken)
    : BasePipeContext(cancellationToken), QuerySagaRepositoryContext<TInstance>
    where TInstance : WorkflowInstance
{
    // A test has few. Documents are opaque to the database, so that nothing but a test should search them.
    private const int MostRead = 1_000;

    public async Task<SagaRepositoryQueryContext<TInstance>> Query(ISagaQuery<TInstance> query, CancellationToken cancellationToken)
    {
        var workflows = await reader.ReadLatestAsync(type, MostRead, cancellationToken);
        var matches = workflows.Select(WorkflowDocument.Read<TInstance>).Where(query.GetFilter());
        return new LoadedSagaRepositoryQueryContext<TInstance>(this, [.. matches]);
    }
}
