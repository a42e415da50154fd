namespace SagaFlow.Worker;

/// <summary>What became of a request in this process.</summary>
public enum AttemptEnd
{
    /// <summary>Its handler did not run: the request could not be read, is a repetition, or its attempt is another worker's.</summary>
    Dropped,

    /// <summary>A result was sent.</summary>
    Completed,

    /// <summary>A failure was sent.</summary>
    Failed,

    /// <summary>The activity was to stop, and that it did was sent.</summary>
    Canceled,

    /// <summary>The worker stopped and handed the attempt back: another continues, and no attempt is spent.</summary>
    Released,

    /// <summary>The handler has left it to somebody else, or to the engine's deadline, to end the attempt.</summary>
    Pending,

    /// <summary>The limit of its activity or task queue was reached: the request went back to the end of its task queue.</summary>
    PutBack,

    /// <summary>No answer was accepted: the broker delivers the request again, or the attempt's timeouts end it.</summary>
    Unanswered,
}
