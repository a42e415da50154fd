using System.Net.Http.Headers;

namespace SagaFlow.Contracts;

/// <summary>The media types of the wire format. Whatever is neither of them is not looked into.</summary>
internal static class WireMedia
{
    private const string Json = "application/json";
    public const string Envelope = "application/vnd.masstransit+json";

    /// <summary>Whether a body is a message as it is. A missing content type counts as JSON.</summary>
    public static bool IsJson(string? contentType) => string.IsNullOrEmpty(contentType) || Is(contentType, Json);

    /// <summary>Whether a body is a MassTransit envelope.</summary>
    public static bool IsEnvelope(string? contentType) => Is(contentType, Envelope);

    private static bool Is(string? contentType, string mediaType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed)
        && string.Equals(parsed.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
        && (parsed.CharSet is null || string.Equals(parsed.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));
}
