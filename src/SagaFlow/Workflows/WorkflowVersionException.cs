using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>This engine's code cannot read a running workflow: a newer version has stored it, or its migration to this one fails. Nothing was
/// changed, and the message is no worse for it: it waits for an engine that can.</summary>
/// <remarks>Its text names types and versions alone and may be shown to callers; what the author's code threw is the inner exception.</remarks>
internal sealed class WorkflowVersionException : SagaFlowException
{
    /// <summary>What an HTTP caller is told beside "send the same again".</summary>
    public const string Code = "workflow_version";

    private WorkflowVersionException(WorkflowRecord workflow, string message, Exception? cause)
        : base(message, cause) => (WorkflowType, StoredVersion) = (workflow.Type, workflow.DefinitionVersion);

    /// <summary>Whether an engine of a newer version exists that reads it; otherwise one has still to be deployed.</summary>
    public bool IsNewer => InnerException is null;

    public string WorkflowType { get; }

    /// <summary>The version of the definition that stored the workflow.</summary>
    public int StoredVersion { get; }

    public static WorkflowVersionException Newer(WorkflowRecord workflow, int codeVersion) => new(
        workflow,
        $"A running workflow of type '{workflow.Type}' was stored by version {workflow.DefinitionVersion}, newer than version {codeVersion} of this engine. "
            + $"It was left as it is; its messages wait for an engine of version {workflow.DefinitionVersion}: bring this engine to that version, or stop it.",
        cause: null);

    public static WorkflowVersionException Unreadable(WorkflowRecord workflow, int codeVersion, Exception cause) => new(
        workflow,
        $"A running workflow of type '{workflow.Type}', stored by version {workflow.DefinitionVersion}, cannot be read by version {codeVersion} of this engine. "
            + "It was left as it is; its messages wait for an engine that can read it: deploy one whose properties and Migrate fit what is stored.",
        cause);
}
