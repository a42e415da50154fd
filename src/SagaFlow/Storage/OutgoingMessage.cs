namespace SagaFlow.Storage;

/// <summary>One row of <c>outbox</c>: a message that leaves after the commit and is deleted once it has arrived.</summary>
/// <param name="Id">The message's id: deterministic, so that a message sent twice is one message.</param>
/// <param name="WorkflowId">Whose change set it belongs to.</param>
/// <param name="Kind">How it is addressed.</param>
/// <param name="Destination">A queue's name, a routing key, or for <see cref="OutgoingKind.Send"/> a whole address.</param>
/// <param name="ContentType">The media type of <paramref name="Body"/>.</param>
/// <param name="Headers">Headers as a JSON object of strings.</param>
/// <param name="Body">The bytes, never serialized again.</param>
/// <param name="CreatedAt">When it was decided.</param>
internal sealed record OutgoingMessage(
    Guid Id, Guid WorkflowId, OutgoingKind Kind, string Destination, string ContentType, string Headers, byte[] Body, DateTimeOffset CreatedAt);
