using System.Text.Json;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tokens;

namespace SagaFlow.Ingress;

/// <summary>A message as it came, sealed: it may hold task tokens, and must be sent again byte for byte.</summary>
internal static class SealedMessages
{
    /// <summary>Seals a message; <see langword="null"/> when it is larger than any that could be read.</summary>
    public static byte[]? Seal(Sealing sealing, RawMessage message) => message.Body.Length > WireLimits.BodyBytes
        ? null
        : sealing.Seal(JsonSerializer.SerializeToUtf8Bytes(new Content(
            message.ContentType, message.MessageId, message.CorrelationId, new Dictionary<string, string>(message.Headers), message.Body.ToArray(),
            message.ContentEncoding)));

    /// <summary>Opens a sealed message. Nobody waits for its receipt any more: it has no reply address.</summary>
    /// <exception cref="SagaFlowException">It was not kept, or its key is not on the ring any more.</exception>
    public static RawMessage Open(Sealing sealing, byte[]? sealedMessage)
    {
        if (sealedMessage is null)
        {
            throw new SagaFlowException("The message was too large to be kept whole: it can only be dropped.");
        }

        if (!sealing.TryOpen(sealedMessage, out var bytes))
        {
            throw new SagaFlowException("The message was sealed with a signing key that is not on the key ring any more: it can only be dropped.");
        }

        var content = JsonSerializer.Deserialize<Content>(bytes)!;
        return new RawMessage
        {
            Body = content.Body,
            ContentType = content.ContentType,
            ContentEncoding = content.ContentEncoding,
            MessageId = content.MessageId,
            CorrelationId = content.CorrelationId,
            Headers = content.Headers,
        };
    }

    private sealed record Content(
        string ContentType, string? MessageId, string? CorrelationId, Dictionary<string, string> Headers, byte[] Body, string? ContentEncoding = null);
}
