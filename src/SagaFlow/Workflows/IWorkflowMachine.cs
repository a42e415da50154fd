using SagaFlow.Joins;
using SagaFlow.Storage;

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

    /// <summary>The version that a workflow's row carries once this code has changed it.</summary>
    int Version { get; }

    /// <summary>Brings the row of a running workflow to this version, by the author's own code; the same row when it is there.</summary>
    WorkflowRecord Migrate(WorkflowRecord workflow);

    /// <summary>Whether the state handles the event, or says <c>Ignore</c>.</summary>
    bool Handles(string state, string eventName);

    /// <summary>Whether any state handles heartbeats of the activity, so that they are worth loading the workflow for.</summary>
    bool HearsHeartbeatsOf(string activityName);
}
