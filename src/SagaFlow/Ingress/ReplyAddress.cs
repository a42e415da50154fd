using System.Text.Json;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Ingress;

/// <summary>Where a sender wants its receipt, and in what form: plain JSON to the queue of <c>reply_to</c>, or an envelope to the response
/// address of one that came in an envelope.</summary>
internal sealed record ReplyAddress(string Queue, string? CorrelationId, MessageEnvelope? Asked)
{
    private const string ReceiptType = "urn:message:sagaflow:receipt";

    /// <summary>Finds the address; <see langword="null"/> when the sender gave none that lies on this transport.</summary>
    public static ReplyAddress? Of(RawMessage message, Func<Uri, string?> queueAt)
    {
        if (message.ReplyTo is { } queue)
        {
            return new ReplyAddress(queue, message.CorrelationId, null);
        }

        return WireMedia.IsEnvelope(message.ContentType)
            && WireJson.TryUnwrapEnvelope(message.Body, out var envelope, out _)
            && Uri.TryCreate(envelope.ResponseAddress, UriKind.Absolute, out var address)
            && queueAt(address) is { } response
                ? new ReplyAddress(response, message.CorrelationId, envelope)
                : null;
    }

    public RawMessage Wrap(byte[] reply) => Asked is null
        ? new RawMessage { Body = reply, CorrelationId = CorrelationId }
        : new RawMessage { Body = WireWriter.Write(reply, WriteEnvelope), ContentType = WireMedia.Envelope, CorrelationId = CorrelationId };

    private void WriteEnvelope(Utf8JsonWriter json, byte[] reply)
    {
        json.WriteText("requestId", Asked!.RequestId);
        json.WriteStartArray("messageType");
        json.WriteStringValue(ReceiptType);
        json.WriteEndArray();
        json.WritePropertyName("message");
        json.WriteRawValue(reply);
    }
}
