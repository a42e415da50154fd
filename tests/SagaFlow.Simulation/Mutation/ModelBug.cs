namespace SagaFlow.Simulation.Mutation;

/// <summary>Bugs of the simulated shell round the core that can be switched on, to see that the oracle catches them.</summary>
internal enum ModelBug
{
    None,

    /// <summary>The delivery is acknowledged before its change set is committed.</summary>
    AckBeforeCommit,

    /// <summary>Messages leave before the change set that decided them is committed.</summary>
    PublishBeforeCommit,

    /// <summary>A stored message is deleted before the broker has confirmed it.</summary>
    DeletedBeforeConfirm,

    /// <summary>Nobody sends what a crash left in the outbox.</summary>
    OutboxSweepOff,

    /// <summary>Nobody looks for deadlines whose ring was lost.</summary>
    SweeperOff,

    /// <summary>A row is written whatever version it has.</summary>
    VersionUnchecked,

    /// <summary>The inbox does not tell the endpoints apart.</summary>
    InboxWithoutEndpoint,

    /// <summary>The inbox row stays when its change set is refused.</summary>
    InboxInAnotherTransaction,

    /// <summary>A completed member is counted twice for its group.</summary>
    JoinCountedTwice,

    /// <summary>A joined group can be joined again.</summary>
    JoinNotRemembered,

    /// <summary>A start for a workflow that exists begins it anew.</summary>
    StartNotIdempotent,

    /// <summary>A signal that no state awaits yet is dropped, and its sender is told that it was kept.</summary>
    EarlySignalDropped,

    /// <summary>What a token allows is not looked at.</summary>
    TokenScopeUnchecked,

    /// <summary>Deadlines that passed without any engine are not moved.</summary>
    NoGraceAfterBlackout,

    /// <summary>A start does not hand out again what was not started.</summary>
    NothingDispatchedAgain,

    /// <summary>A met group's join is not made again after a crash.</summary>
    JoinNotMadeAgain,

    /// <summary>The ring of a workflow's deadline is believed without a look at the clock.</summary>
    WorkflowRingBelieved,

    /// <summary>The ring of a timer is believed without a look at the clock.</summary>
    TimerRingBelieved,
}
