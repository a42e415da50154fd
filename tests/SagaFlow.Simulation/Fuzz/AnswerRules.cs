using System.Text;
using System.Text.Json;

namespace SagaFlow.Simulation.Fuzz;

/// <summary>What an answer must be to be taken, said once more with another reader than the engine's.</summary>
internal static class AnswerRules
{
    private static readonly string[] Kinds = ["started", "heartbeat", "completed", "failed", "canceled", "released"];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether an answer may be taken as one that the token's holder gave.</summary>
    public static bool MayBeTaken(byte[] body, string token)
    {
        try
        {
            _ = Strict.GetString(body);
            using var document = JsonDocument.Parse(WithoutMark(body), new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = true });
            return MayBeTaken(document.RootElement, token);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // Half a surrogate pair in a field is an invalid operation to this reader.
            return false;
        }
    }

    private static bool MayBeTaken(JsonElement answer, string token)
    {
        if (answer.ValueKind != JsonValueKind.Object || RepeatsAName(answer))
        {
            return false;
        }

        return Text(answer, "taskToken") == token
            && Text(answer, "kind") is { } kind && Kinds.Contains(kind)
            && (kind != "completed" || answer.TryGetProperty("result", out _))
            && (kind != "failed" || IsFailure(answer));
    }

    private static bool IsFailure(JsonElement answer) =>
        answer.TryGetProperty("failure", out var failure) && failure.ValueKind == JsonValueKind.Object && !RepeatsAName(failure)
        && Text(failure, "type") is { Length: > 0 } && Text(failure, "message") is not null;

    private static bool RepeatsAName(JsonElement element) =>
        element.EnumerateObject().GroupBy(x => x.Name, StringComparer.Ordinal).Any(x => x.Count() > 1);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ReadOnlyMemory<byte> WithoutMark(byte[] body) => body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;
}
