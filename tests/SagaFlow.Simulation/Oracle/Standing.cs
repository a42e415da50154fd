namespace SagaFlow.Simulation.Oracle;

/// <summary>Where an activity stands, in the oracle's own words.</summary>
internal enum Standing
{
    Scheduled,
    Started,
    BackingOff,
    Completed,
    Failed,
    TimedOut,
    Canceled,
}

/// <summary>What closed an attempt.</summary>
internal enum Closing
{
    Completed,
    Failed,
    TimedOut,
    Canceled,
    Released,
    WorkflowClosed,
}

/// <summary>Which deadline is the next one.</summary>
internal enum DueKind
{
    None,
    ScheduleToStart,
    StartToClose,
    ScheduleToClose,
    Heartbeat,
    Backoff,
}

/// <summary>Which late results an activity takes.</summary>
internal enum LateRule
{
    Refuse,
    Accept,
    AcceptIfNotRedispatched,
}

/// <summary>How a workflow stands.</summary>
internal enum WorkflowStanding
{
    Absent,
    Running,
    Completed,
    Failed,
    Canceled,
    TimedOut,
}
