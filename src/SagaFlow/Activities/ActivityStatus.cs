namespace SagaFlow.Activities;

/// <summary>Where an activity stands. Stored by name.</summary>
internal enum ActivityStatus
{
    /// <summary>The current attempt is handed out and not yet started.</summary>
    Scheduled,

    /// <summary>A worker has taken the current attempt.</summary>
    Started,

    /// <summary>The last attempt is over; the next is handed out when the back-off ends.</summary>
    BackingOff,

    Completed,
    Failed,
    TimedOut,
    Canceled,
}
