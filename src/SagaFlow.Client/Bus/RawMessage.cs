using System.Collections.Frozen;

namespace SagaFlow.Client.Bus;

/// <summary>A message as the transport carries it: bytes and headers, nothing interpreted.</summary>
internal sealed record RawMessage
{
    public const string Json = "application/json";

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>; a missing one counts as JSON.</summary>
    public string ContentType { get; init; } = Json;

    /// <summary>How the sender says the body is packed; <see langword="null"/> when it says nothing. No packed body is read.</summary>
    public string? ContentEncoding { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The transport's message id. A stranger's may be any text; one that is no UUID is not sent.</summary>
    public string? MessageId { get; init; }

    /// <summary>The queue that is to get the receipt. Chosen by the sender: check it with <see cref="BusNames.IsReserved"/>.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>What the receipt carries back, so that the sender knows which message it belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Who sent it: the user whom the broker has verified, or the application that the sender says it is; <see langword="null"/>
    /// when neither is said.</summary>
    public string? Sender { get; init; }

    /// <summary>Whether the transport says that it delivered this message before.</summary>
    public bool Redelivered { get; init; }
}
