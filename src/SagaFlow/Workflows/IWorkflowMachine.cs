using SagaFlow.Joins;

namespace SagaFlow.Workflows;

/// <summary>What the engine asks of a state machine without knowing its instance type.</summary>
internal interface IWorkflowMachine
{
    StartDefinition? Start { get; }

    IReadOnlyDictionary<string, IWorkflowActivity> Activities { get; }

    IReadOnlyCollection<string> StateNames { get; }

    /// <summary>Every <c>WhenAll</c> and <c>WhenAny</c> of the machine, whatever its state.</summary>
    IReadOnlyCollection<ActivityWait> Waits { get; }

    /// <summary>The messages that a running workflow takes, by event name.</summary>
    IReadOnlyDictionary<string, SignalDefinition> Signals { get; }

    /// <summary>Whether the state handles the event, or says <c>Ignore</c>.</summary>
    bool Handles(string state, string eventName);
}
