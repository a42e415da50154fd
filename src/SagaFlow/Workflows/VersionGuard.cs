using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Keeps this engine's code from running workflows that it cannot read, and says so once for each workflow type and stored version.</summary>
/// <remarks>In a rolling deployment engines of two versions share one database: an older class would drop the fields that it does not know.</remarks>
internal sealed class VersionGuard(ILogger<VersionGuard> logger)
{
    private readonly ConcurrentDictionary<(string WorkflowType, int StoredVersion), bool> _said = new();

    /// <summary>Refuses a running workflow of a newer version. One that has ended may be told about: its document is not read.</summary>
    /// <exception cref="WorkflowVersionException">The workflow is for another engine.</exception>
    public void Check(WorkflowRecord workflow, IWorkflowMachine machine)
    {
        if (workflow.Status == WorkflowStatus.Running && workflow.DefinitionVersion > machine.Version)
        {
            throw Said(WorkflowVersionException.Newer(workflow, machine.Version));
        }
    }

    /// <summary>Reads or migrates a workflow by the author's code.</summary>
    /// <exception cref="WorkflowVersionException">The code has thrown: what it read is the version's fault, not the message's or the workflow's.</exception>
    public T Read<T>(WorkflowRecord workflow, IWorkflowMachine machine, Func<WorkflowRecord, T> read)
    {
        Check(workflow, machine);
        try
        {
            return read(workflow);
        }
        catch (Exception exception)
        {
            throw Said(WorkflowVersionException.Unreadable(workflow, machine.Version, exception));
        }
    }

    private WorkflowVersionException Said(WorkflowVersionException exception)
    {
        if (_said.TryAdd((exception.WorkflowType, exception.StoredVersion), true))
        {
            logger.WorkflowNotReadable(exception.WorkflowType, exception.StoredVersion, exception);
        }

        return exception;
    }
}
