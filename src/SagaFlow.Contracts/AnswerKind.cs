namespace SagaFlow.Contracts;

/// <summary>What an answer says about an attempt.</summary>
public enum AnswerKind
{
    /// <summary>A worker has taken the attempt.</summary>
    Started,

    /// <summary>The attempt is alive; it may carry a checkpoint.</summary>
    Heartbeat,

    /// <summary>The attempt succeeded and carries the result.</summary>
    Completed,

    /// <summary>The attempt failed and carries the failure.</summary>
    Failed,

    /// <summary>The attempt stopped because it was asked to.</summary>
    Canceled,

    /// <summary>The worker is shutting down and hands the attempt back; it may carry a checkpoint.</summary>
    Released,
}
