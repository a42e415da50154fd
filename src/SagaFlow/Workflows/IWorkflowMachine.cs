namespace SagaFlow.Workflows;

/// <summary>What the engine asks of a state machine without knowing its instance type.</summary>
internal interface IWorkflowMachine
{
    StartDefinition? Start { get; }

    IReadOnlyDictionary<string, IWorkflowActivity> Activities { get; }

    IReadOnlyCollection<string> StateNames { get; }

    /// <summary>Whether the state handles the event, or says <c>Ignore</c>.</summary>
    bool Handles(string state, string eventName);
}
