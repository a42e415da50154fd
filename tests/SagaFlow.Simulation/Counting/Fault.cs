namespace SagaFlow.Simulation.Counting;

/// <summary>Everything that the nemesis can do. In each seed a part of it is active, each with a probability of its own.</summary>
internal enum Fault
{
    // The broker.
    Duplicate,
    Delay,
    ConnectionLost,
    Nack,
    ConfirmLost,
    Blocked,

    // The database.
    ErrorBeforeCommit,
    ErrorAfterCommit,
    Conflict,
    Stall,

    // The alarm clock.
    RingEarly,
    RingLate,
    RingTwice,
    RingNever,
    AlarmsWiped,

    // The engine.
    CrashReceived,
    CrashInTransaction,
    CrashCommitted,
    CrashAcknowledged,
    CrashPublished,
    CrashConfirmed,
    Killed,
    Blackout,
    Paused,

    // The clock.
    ClockJump,

    // The workers.
    FailRetryable,
    FailFinal,
    NeverAnswer,
    AnswerLate,
    AnswerAtEdge,
    AnswerTwice,
    AnswerTwiceDifferently,
    OlderToken,
    HeartbeatsStop,
    HeartbeatAfterClose,
    WithoutStarted,
    TamperedToken,
    ForeignToken,
    WeakToken,
    BrokenToken,
    Oversize,
    WorkerCrash,
    Released,
    CancelIgnored,

    // People.
    SignalTwice,
    SignalChanged,
    SignalFlood,
    StartTwice,
    StartChanged,
    WorkflowCanceled,
}
