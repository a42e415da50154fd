namespace SagaFlow.Activities;

/// <summary>Bugs that a test switches on to see that a law of the core catches them. Each is named in one test.</summary>
internal enum Mutant
{
    SkipsAttemptNumber,
    AttemptClosesTwice,
    ClosedAttemptAnswersAgain,
    AttemptUnchecked,
    DueVersionUnchecked,
    FiresEarly,
    OpensAfterScheduleToClose,
    ScheduleToCloseRestarts,
    HeartbeatMovesStartToClose,
    MaximumAttemptsOffByOne,
    BackoffOverflows,
    CopiesUnchangedState,
    LateResultAlwaysCounts,
}
