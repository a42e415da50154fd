namespace SagaFlow.Diagnostics;

/// <summary>Named bugs of the whole engine that the simulator must catch. They exist in builds with mutants only and are never shipped.</summary>
internal enum EngineMutant
{
    /// <summary>A ring at the very instant of its deadline is taken for one that comes too early.</summary>
    DeadlineComparedWithGreater,

    /// <summary>Attempts that were handed back count against the maximum.</summary>
    ReleasedAttemptsCount,

    /// <summary>Of two deadlines at one instant the less final one counts.</summary>
    LessFinalDeadlineFirst,

    /// <summary>An activity that was asked to stop ends with what ended its last attempt.</summary>
    CancelRequestForgotten,

    /// <summary>The store takes messages of two endpoints with one id for one message.</summary>
    InboxWithoutEndpoint,

    /// <summary>The store writes an activity's row whatever version it has.</summary>
    ActivityVersionUnchecked,

    /// <summary>The inbox row is not written.</summary>
    InboxForgotten,

    /// <summary>A member that ends is counted twice for its group.</summary>
    MemberCountedTwice,

    /// <summary>The members that a join finds open stay open.</summary>
    OvertakenStayOpen,

    /// <summary>A start does not hand out again what was not started.</summary>
    NothingDispatchedAgain,

    /// <summary>The join of a met group is not made again after a crash.</summary>
    JoinNotMadeAgain,

    /// <summary>Deadlines that passed while no engine was alive are not moved.</summary>
    NoGraceAfterBlackout,

    /// <summary>The alarm clock claims only what was due before this instant.</summary>
    DueClaimedLate,

    /// <summary>A ring that nobody heard never rings again.</summary>
    RingsOnce,

    /// <summary>A kept message stays kept when a state handles it.</summary>
    KeptMessageNotRaised,

    /// <summary>A workflow that ends leaves its activities open.</summary>
    OpenActivitiesLeft,

    /// <summary>A second start with other input counts as a repeat.</summary>
    StartInputUnchecked,

    /// <summary>What a token's signature says is not looked at.</summary>
    SignatureUnchecked,

    /// <summary>A timer that fired leaves its row behind, and fires again.</summary>
    TimerRowLeft,
}
