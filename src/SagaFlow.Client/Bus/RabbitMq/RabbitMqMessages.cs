using System.Text;
using RabbitMQ.Client;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Turns what the broker carries into a <see cref="RawMessage"/> and back: plain properties, no envelope.</summary>
internal static class RabbitMqMessages
{
    // What a short string of the protocol holds.
    private const int MaximumLength = 255;

    public static RawMessage Read(ReadOnlyMemory<byte> body, IReadOnlyBasicProperties properties, bool redelivered)
    {
        var headers = RawHeaders.Collect(properties.Headers ?? Enumerable.Empty<KeyValuePair<string, object?>>());
        return new RawMessage
        {
            Body = body,
            ContentType = NullIfBlank(properties.ContentType) ?? RawMessage.Json,
            ContentEncoding = NullIfBlank(properties.ContentEncoding),
            Headers = headers,
            MessageId = NullIfBlank(properties.MessageId),
            ReplyTo = NullIfBlank(properties.ReplyTo),
            CorrelationId = NullIfBlank(properties.CorrelationId),
            Sender = SenderOf(properties),
            Redelivered = redelivered,
        };
    }

    public static BasicProperties PropertiesOf(RawMessage message)
    {
        var properties = new BasicProperties { ContentType = message.ContentType, DeliveryMode = DeliveryModes.Persistent };
        if (ShortOrNull(message.ContentEncoding) is { } contentEncoding)
        {
            properties.ContentEncoding = contentEncoding;
        }

        if (ShortOrNull(message.MessageId) is { } messageId)
        {
            properties.MessageId = messageId;
        }

        if (ShortOrNull(message.CorrelationId) is { } correlationId)
        {
            properties.CorrelationId = correlationId;
        }

        if (ShortOrNull(message.ReplyTo) is { } replyTo)
        {
            properties.ReplyTo = replyTo;
        }

        if (message.Headers.Count > 0)
        {
            properties.Headers = message.Headers.ToDictionary(x => x.Key, x => (object?)x.Value, StringComparer.Ordinal);
        }

        return properties;
    }

    // The broker refuses a user id that is not the connection's own; an application id is only a claim.
    private static string? SenderOf(IReadOnlyBasicProperties properties)
    {
        var user = NullIfBlank(properties.UserId);
        var application = NullIfBlank(properties.AppId);
        return (user, application) switch
        {
            (null, null) => null,
            (null, _) => $"application '{application}'",
            (_, null) => $"user '{user}'",
            _ => $"user '{user}', application '{application}'",
        };
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string? ShortOrNull(string? text) =>
        text is not null && Encoding.UTF8.GetByteCount(text) <= MaximumLength ? text : null;
}
