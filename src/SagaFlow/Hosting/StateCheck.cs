using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>Refuses to start when a running workflow stands in a state, or is of a type, that the code no longer has.</summary>
/// <remarks>A workflow class may change while its workflows run; a state may only go once no workflow stands in it.</remarks>
internal sealed class StateCheck(IWorkflowReader reader, WorkflowRegistry registry)
{
    /// <exception cref="SagaFlowException">Names each removed state and how many workflows stand in it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var counts = await reader.CountRunningStatesAsync(cancellationToken);
        var lost = counts.Select(Describe).OfType<string>().ToList();
        if (lost.Count > 0)
        {
            throw new SagaFlowException(
                $"The database holds running workflows that this version cannot continue: {string.Join("; ", lost)}. " +
                "Keep the state until they have left it, or start the version that knows it.");
        }
    }

    private string? Describe(StateCount count)
    {
        if (!registry.TryFind(count.Type, out var definition))
        {
            return $"{count.Count} of type '{count.Type}', which is not registered";
        }

        return definition.Machine.StateNames.Contains(count.State)
            ? null
            : $"{count.Count} of type '{count.Type}' in state '{count.State}', which it no longer has";
    }
}
