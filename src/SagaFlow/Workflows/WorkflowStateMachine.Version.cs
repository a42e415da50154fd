using System.Text.Json.Nodes;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <content>How a definition changes while workflows of it run.</content>
public abstract partial class WorkflowStateMachine<TInstance>
{
    /// <summary>Gets the definition's version, which each workflow's row carries.</summary>
    /// <value>The default is 1. It is counted up when a stored workflow has to be changed by <see cref="Migrate"/> before this code can
    /// read it; it never goes down. A database that holds running workflows of a higher version is refused at the start. An engine that
    /// runs already, as in a rolling deployment, leaves such workflows as they are; their messages wait for an engine of that version.</value>
    protected virtual int Version => 1;

    /// <summary>Changes a stored workflow of an older version before it is read. Called once for each, when its next event is handled,
    /// and stored with what that event changes; at the start of the engine also for one workflow of each older version and state, as a trial.</summary>
    /// <remarks>It holds no I/O, no clock and no randomness. An exception at the start stops the engine from starting; one later leaves the
    /// workflow as it is, and the message that it was for waits until an engine takes it whose version can read the workflow.</remarks>
    /// <param name="document">The instance's properties as they are stored, in camelCase; it may be changed in place.</param>
    /// <param name="fromVersion">The version that wrote it. Steps over several versions are the author's to chain.</param>
    /// <param name="state">The name of the state that it stands in.</param>
    /// <returns>The document and the name of the state for this version; by default both unchanged.</returns>
    protected virtual (JsonObject Document, string State) Migrate(JsonObject document, int fromVersion, string state) => (document, state);

    int IWorkflowMachine.Version => Version;

    WorkflowRecord IWorkflowMachine.Migrate(WorkflowRecord workflow)
    {
        var hasNoState = workflow.Run is { } run && StoreJson.Read<RunRecord>(run).NextAt is not null;
        if (workflow.DefinitionVersion >= Version || workflow.Status != WorkflowStatus.Running || hasNoState)
        {
            return workflow;
        }

        var (document, state) = Migrate(JsonNode.Parse(workflow.Document)!.AsObject(), workflow.DefinitionVersion, workflow.State);
        if (States.All(x => x.Name != state))
        {
            throw new SagaFlowException(
                $"Migrate of workflow '{GetType().Name}' leads from state '{workflow.State}' of version {workflow.DefinitionVersion} to '{state}', which it does not have.");
        }

        // Read at once, so that a document which does not fit is the migration's failure and not the next event's.
        var migrated = workflow with { Document = document.ToJsonString(), State = state, DefinitionVersion = Version };
        _ = WorkflowDocument.Read<TInstance>(migrated);
        return migrated;
    }
}
