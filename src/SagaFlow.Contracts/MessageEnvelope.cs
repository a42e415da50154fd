namespace SagaFlow.Contracts;

/// <summary>What counts of a MassTransit envelope.</summary>
/// <param name="Message">The message's bytes, a JSON object.</param>
/// <param name="MessageId">The envelope's message id.</param>
/// <param name="RequestId">What a receipt in an envelope carries back, so that the sender knows which message it belongs to.</param>
/// <param name="ResponseAddress">Where the sender wants the receipt. It is a stranger's: check it before use.</param>
/// <param name="MessageTypes">The message's types as URNs, such as <c>urn:message:sagaflow:activity-completed</c>.</param>
internal sealed record MessageEnvelope(
    ReadOnlyMemory<byte> Message, string? MessageId, string? RequestId, string? ResponseAddress, string[] MessageTypes);
