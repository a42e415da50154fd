namespace SagaFlow.Storage;

/// <summary>One row of <c>timer</c>: a message that the author's state machine has scheduled for itself.</summary>
/// <param name="WorkflowId">Whose timer it is.</param>
/// <param name="Id">The token by which the machine unschedules it; a new one for each scheduling.</param>
/// <param name="WorkflowType">The workflow's type, so that a ring finds its pipe.</param>
/// <param name="MessageType">The URN of the message's type.</param>
/// <param name="Body">The message as raw JSON.</param>
/// <param name="DueAt">When it is raised.</param>
/// <param name="Version">The version of the workflow's row that scheduled it: a ring must name it.</param>
/// <param name="CreatedAt">When it was scheduled.</param>
internal sealed record TimerRecord(
    Guid WorkflowId, Guid Id, string WorkflowType, string MessageType, string Body, DateTimeOffset DueAt, int Version, DateTimeOffset CreatedAt);
