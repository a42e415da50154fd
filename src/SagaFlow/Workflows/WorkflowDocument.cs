using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>The author's instance as the workflow's row holds it.</summary>
internal static class WorkflowDocument
{
    public static TInstance Read<TInstance>(WorkflowRecord workflow)
        where TInstance : WorkflowInstance
    {
        var instance = RawJson.Read<TInstance>(workflow.Document);
        instance.CorrelationId = workflow.Id;
        instance.CurrentState = workflow.State;
        return instance;
    }
}
