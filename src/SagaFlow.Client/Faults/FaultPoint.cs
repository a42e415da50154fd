namespace SagaFlow.Client.Faults;

/// <summary>Places where a crash is worth looking at: between two things that cannot happen at once.</summary>
internal enum FaultPoint
{
    /// <summary>A message was received, and nothing was read for it.</summary>
    Received,

    /// <summary>What it changes is decided, and nothing is written.</summary>
    Decided,

    /// <summary>The commit is on its way, and its outcome is not known.</summary>
    CommitSent,

    /// <summary>It is durable; the message is not acknowledged, and nothing was sent.</summary>
    Committed,

    /// <summary>A stored message is about to be sent.</summary>
    Dispatching,

    /// <summary>A message was published, and the broker has not confirmed it.</summary>
    Published,

    /// <summary>The broker has confirmed messages whose rows are still there.</summary>
    Confirmed,

    /// <summary>A deadline is stored that the alarm clock does not know yet.</summary>
    Arming,

    /// <summary>Due deadlines are claimed, and none has rung.</summary>
    DueClaimed,

    /// <summary>A ring has arrived, and its turn has not begun.</summary>
    Rung,

    /// <summary>A sweep is over: here the alarm clock can be made to forget everything.</summary>
    Swept,
}
