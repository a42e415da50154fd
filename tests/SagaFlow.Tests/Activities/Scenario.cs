using SagaFlow.Activities;

namespace SagaFlow.Tests.Activities;

/// <summary>A policy and what happens to one activity under it. Steps name events by their place in the activity's life
/// ("the current attempt", "one tick before the deadline"), so that random ones are interesting and can be shortened.</summary>
internal sealed record Scenario(ActivityPolicy Policy, IReadOnlyList<Step> Steps)
{
    public override string ToString() => $"{Policy}\n{string.Join('\n', Steps)}";
}

internal sealed record Step(StepKind Kind, Jump Jump, TokenOf Token, int Number, double Dice);

internal enum StepKind
{
    Started,
    Heartbeat,
    Completed,
    Failed,
    FailedForGood,
    CancelAcknowledged,
    Released,
    Ring,
    OldRing,
    CancelWait,
    CancelTry,
    CancelAbandon,
    WorkflowEnded,
    Blackout,
}

/// <summary>How far the clock moves before the event.</summary>
internal enum Jump
{
    None,
    OneTick,
    HalfwayToDue,
    TickBeforeDue,
    ToDue,
    TickAfterDue,
    FarBeyondDue,
}

internal enum TokenOf
{
    CurrentAttempt,
    Activity,
    EarlierAttempt,
    UnknownAttempt,
}
