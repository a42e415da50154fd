namespace SagaFlow.Diagnostics;

/// <summary>Named bugs of the engine that its tests and the simulator must catch. They exist in builds with mutants only and are never shipped.</summary>
internal enum Mutant
{
    // Of the core: each breaks one law of an activity's life.

    /// <summary>A retry is attempt n+2.</summary>
    SkipsAttemptNumber,

    /// <summary>An attempt that has closed closes again.</summary>
    AttemptClosesTwice,

    /// <summary>A second answer of an attempt that has closed counts.</summary>
    ClosedAttemptAnswersAgain,

    /// <summary>An answer of an older attempt counts.</summary>
    AttemptUnchecked,

    /// <summary>A ring of an older version of the deadline counts.</summary>
    DueVersionUnchecked,

    /// <summary>A ring before its deadline is believed.</summary>
    FiresEarly,

    /// <summary>An attempt is handed out after the time for all attempts is over.</summary>
    OpensAfterScheduleToClose,

    /// <summary>The time for all attempts begins anew with each attempt.</summary>
    ScheduleToCloseRestarts,

    /// <summary>A heartbeat moves the end of the attempt.</summary>
    HeartbeatMovesStartToClose,

    /// <summary>One attempt more than the maximum is handed out.</summary>
    MaximumAttemptsOffByOne,

    /// <summary>A wait that grows beyond the maximum interval becomes none.</summary>
    BackoffOverflows,

    /// <summary>What is unchanged is another instance, and is written.</summary>
    CopiesUnchangedState,

    /// <summary>A result after the end of its attempt counts whatever the policy says.</summary>
    LateResultAlwaysCounts,

    // Of the core, found by the simulator's first level.

    /// <summary>A ring at the very instant of its deadline is taken for one that comes too early.</summary>
    DeadlineComparedWithGreater,

    /// <summary>Attempts that were handed back count against the maximum.</summary>
    ReleasedAttemptsCount,

    /// <summary>Of two deadlines at one instant the less final one counts.</summary>
    LessFinalDeadlineFirst,

    /// <summary>An activity that was asked to stop ends with what ended its last attempt.</summary>
    CancelRequestForgotten,

    // Of the whole engine, found by the simulator's second level.

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
