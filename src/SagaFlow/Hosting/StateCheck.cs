using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>Refuses to start when a running workflow stands in a state, or is of a type or version, that the code cannot continue.</summary>
/// <remarks>A workflow class may change while its workflows run; a state may only go once no workflow stands in it, or when the
/// migration of the older version leads out of it.</remarks>
internal sealed class StateCheck(IWorkflowReader reader, WorkflowRegistry registry)
{
    /// <exception cref="SagaFlowException">Names each removed state, newer version or failed migration, and how many workflows it concerns.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var lost = new List<string>();
        foreach (var count in await reader.CountRunningStatesAsync(cancellationToken))
        {
            if (await DescribeAsync(count, cancellationToken) is { } problem)
            {
                lost.Add(problem);
            }
        }

        if (lost.Count > 0)
        {
            throw new SagaFlowException(
                $"The database holds running workflows that this version cannot continue: {string.Join("; ", lost)}. " +
                "Keep the state until they have left it, migrate them, or start the version that knows it.");
        }
    }

    private async Task<string?> DescribeAsync(StateCount count, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(count.Type, out var definition))
        {
            return $"{count.Count} of type '{count.Type}', which is not registered";
        }

        var machine = definition.Machine;
        if (count.DefinitionVersion > machine.Version)
        {
            return $"{count.Count} of type '{count.Type}' in version {count.DefinitionVersion}, newer than this code's {machine.Version}";
        }

        return count.DefinitionVersion < machine.Version
            ? Try(machine, count, await reader.FindRunningAsync(count.Type, count.State, count.DefinitionVersion, cancellationToken))
            : machine.StateNames.Contains(count.State) ? null : Removed(count);
    }

    // A trial: one that fails here would fail each of these workflows later, one by one.
    private static string? Try(IWorkflowMachine machine, StateCount count, WorkflowRecord? sample)
    {
        try
        {
            _ = sample is null ? null : machine.Migrate(sample);
            return null;
        }
        catch (Exception exception)
        {
            return $"{count.Count} of type '{count.Type}' in state '{count.State}' of version {count.DefinitionVersion}, "
                + $"whose migration to {machine.Version} fails for '{sample!.BusinessKey}': {exception.Message}";
        }
    }

    private static string Removed(StateCount count) =>
        $"{count.Count} of type '{count.Type}' in state '{count.State}', which it no longer has";
}
