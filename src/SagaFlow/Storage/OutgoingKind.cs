namespace SagaFlow.Storage;

/// <summary>How an outgoing message is addressed. Stored by name.</summary>
internal enum OutgoingKind
{
    /// <summary>An activity request, to its task queue.</summary>
    ActivityRequest,

    /// <summary>A message of the author's, published or sent: both have become one address when they are captured.</summary>
    Send,

    /// <summary>A cancellation pushed to whoever holds the token.</summary>
    Cancel,

    /// <summary>Tells the engine that a group's condition is met.</summary>
    Join,
}
