namespace SagaFlow.Activities;

/// <summary>What a ring means for an activity. Stored by name in <c>due_kind</c>.</summary>
internal enum DeadlineKind
{
    ScheduleToStart,
    StartToClose,
    ScheduleToClose,
    Heartbeat,

    /// <summary>Not a deadline: the back-off is over and the next attempt is to be handed out.</summary>
    RetryBackoff,
}
