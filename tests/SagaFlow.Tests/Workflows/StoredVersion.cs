using SagaFlow.Storage;

namespace SagaFlow.Tests.Workflows;

/// <summary>Does what an engine of another version would have done to a workflow's row.</summary>
internal static class StoredVersion
{
    public static async Task StoreVersionAsync(this IWorkflowStore store, Guid workflowId, int version, string? document = null, string? state = null)
    {
        var workflow = (await store.LoadAsync([new LoadKey(workflowId) { Workflow = true }], default))[0].Workflow!;
        var changed = workflow with { DefinitionVersion = version, Document = document ?? workflow.Document, State = state ?? workflow.State };
        Assert.Equal([CommitResult.Committed], await store.CommitAsync([new ChangeSet(workflowId) { Workflow = changed }], default));
    }
}
