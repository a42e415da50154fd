using System.Text.Json;
using System.Text.Json.Serialization;

namespace SagaFlow.Storage;

/// <summary>JSON of our own values inside a column. Payloads never pass through here: they are stored as they came.</summary>
/// <remarks>Enums by name and durations as <c>hh:mm:ss.fffffff</c>, so that a row is readable and exact to the tick.
/// Reflection, not source generation: a property that an older engine did not write keeps its default.</remarks>
internal static class StoreJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");
}
