using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>How far a turn was at one moment: tells a message that changed something from one that the state ignored.</summary>
/// <param name="Workflow">The workflow's row.</param>
/// <param name="History">How many events the turn had for the history.</param>
/// <param name="Outgoing">How many messages of the author's it had captured.</param>
internal readonly record struct TurnMark(WorkflowRecord? Workflow, int History, int Outgoing)
{
    /// <summary>Whether anything was changed since the other moment. The time of the last change alone is none.</summary>
    public bool IsPast(TurnMark before) =>
        History != before.History || Outgoing != before.Outgoing || Workflow != WithTimeOf(before.Workflow);

    private WorkflowRecord? WithTimeOf(WorkflowRecord? before) => before is null ? null : before with { UpdatedAt = Workflow?.UpdatedAt ?? before.UpdatedAt };
}
