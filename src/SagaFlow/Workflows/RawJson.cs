using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SagaFlow.Client;

namespace SagaFlow.Workflows;

/// <summary>Payloads of the author's between their types and the raw JSON that the engine stores.</summary>
internal static class RawJson
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, PayloadJson.Options);

    public static T Read<T>(string raw) => JsonSerializer.Deserialize<T>(raw, PayloadJson.Options)!;

    /// <summary>Reads what a stranger wrote and the engine has taken.</summary>
    /// <param name="raw">The JSON.</param>
    /// <param name="what">What it is, for a person, such as <c>result of activity 'Ship-1'</c>.</param>
    /// <exception cref="UnreadablePayloadException">It does not fit; the message says what, and where.</exception>
    public static T ReadTaken<T>(string raw, string what)
    {
        try
        {
            return Read<T>(raw);
        }
        catch (Exception exception)
        {
            throw new UnreadablePayloadException(what, PayloadProblem.Of(exception, Parse(raw), typeof(T)), exception);
        }
    }

    /// <summary>Reads a message of the author's from a stranger, who may have left out what its type needs.</summary>
    public static bool TryReadMessage(
        string raw, Type type, [NotNullWhen(true)] out object? message, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            message = JsonSerializer.Deserialize(raw, type, PayloadJson.Options);
            problem = message is null ? "'$' is null" : PayloadGaps.Find(message, type) is { } gap ? $"'{gap}' is missing" : null;
        }
        catch (Exception exception)
        {
            // Whatever the author's constructors and converters throw, they throw again whenever it is tried.
            (message, problem) = (null, PayloadProblem.Of(exception, Parse(raw), type));
        }

        return problem is null;
    }

    public static JsonElement Parse(string raw)
    {
        using var document = JsonDocument.Parse(raw);
        return document.RootElement.Clone();
    }
}
