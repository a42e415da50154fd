using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>The workflows of this engine, by type.</summary>
internal sealed class WorkflowRegistry
{
    private readonly Dictionary<string, WorkflowDefinition> _definitions;

    public WorkflowRegistry(IEnumerable<WorkflowDefinition> definitions)
    {
        _definitions = new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            if (!_definitions.TryAdd(definition.Type, definition))
            {
                throw new SagaFlowException($"Two workflows are registered as '{definition.Type}'. Give one of them another type name in AddWorkflow.");
            }
        }
    }

    public IReadOnlyCollection<WorkflowDefinition> All => _definitions.Values;

    public bool TryFind(string type, out WorkflowDefinition definition) => _definitions.TryGetValue(type, out definition!);

    /// <summary>Finds a workflow that is known to be hosted here.</summary>
    public WorkflowDefinition Find(string type) =>
        TryFind(type, out var definition)
            ? definition
            : throw new SagaFlowException($"Workflow type '{type}' is not hosted by this engine. {KnownTypes()}");

    /// <summary>The registered types, for an error message.</summary>
    public string KnownTypes() =>
        _definitions.Count == 0
            ? "No workflow is registered: add one with AddWorkflow."
            : $"It hosts: {string.Join(", ", _definitions.Keys.Order(StringComparer.Ordinal).Select(x => $"'{x}'"))}.";
}
