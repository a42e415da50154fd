namespace SagaFlow.Storage;

/// <summary>How an outgoing message is addressed. Stored by name.</summary>
internal enum OutgoingKind
{
    /// <summary>An activity request, to its task queue.</summary>
    ActivityRequest,

    /// <summary>A message that the author's state machine publishes.</summary>
    Publish,

    /// <summary>A message that the author's state machine sends to one address.</summary>
    Send,

    /// <summary>A cancellation pushed to whoever holds the token.</summary>
    Cancel,

    /// <summary>Tells the engine that a group's condition is met.</summary>
    Join,
}
