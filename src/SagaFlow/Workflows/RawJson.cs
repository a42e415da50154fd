using System.Text.Json;
using SagaFlow.Client;

namespace SagaFlow.Workflows;

/// <summary>Payloads of the author's between their types and the raw JSON that the engine stores.</summary>
internal static class RawJson
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, PayloadJson.Options);

    public static T Read<T>(string raw) => JsonSerializer.Deserialize<T>(raw, PayloadJson.Options)!;

    public static object? Read(string raw, Type type) => JsonSerializer.Deserialize(raw, type, PayloadJson.Options);

    public static JsonElement Parse(string raw)
    {
        using var document = JsonDocument.Parse(raw);
        return document.RootElement.Clone();
    }
}
