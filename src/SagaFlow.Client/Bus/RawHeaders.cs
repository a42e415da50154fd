using System.Globalization;
using System.Text;
using MassTransit;
using SagaFlow.Client.Bus.RabbitMq;

namespace SagaFlow.Client.Bus;

/// <summary>Turns what a transport delivers into a <see cref="RawMessage"/>.</summary>
internal static class RawHeaders
{
    public const string ReplyTo = "reply_to";
    public const string CorrelationId = "correlation_id";
    public const string ContentEncoding = "content_encoding";

    public static RawMessage Read(ReceiveContext context)
    {
        if (context is RabbitMqBasicConsumeContext rabbit)
        {
            return RabbitMqMessages.Read(context.GetBody(), rabbit.Properties, context.Redelivered);
        }

        var headers = Collect(context.TransportHeaders.GetAll()!);
        return new RawMessage
        {
            Body = context.Body.GetBytes(),
            ContentType = headers.GetValueOrDefault(MessageHeaders.ContentType) ?? context.ContentType?.ToString() ?? RawMessage.Json,
            ContentEncoding = headers.GetValueOrDefault(ContentEncoding),
            Headers = headers,
            MessageId = headers.GetValueOrDefault(MessageHeaders.MessageId),
            ReplyTo = headers.GetValueOrDefault(ReplyTo),
            CorrelationId = headers.GetValueOrDefault(CorrelationId),
            Redelivered = context.Redelivered,
        };
    }

    /// <summary>Keeps the headers that are text, or can be written as text.</summary>
    public static Dictionary<string, string> Collect(IEnumerable<KeyValuePair<string, object?>> headers)
    {
        var collected = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            // A header can be a table or an array on some transports: nothing here needs those.
            if (Text(value) is { } text)
            {
                collected[name] = text;
            }
        }

        return collected;
    }

    private static string? Text(object? value) => value switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => null,
    };
}
