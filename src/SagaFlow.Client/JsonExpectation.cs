using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SagaFlow.Client;

/// <summary>What JSON a type is read from, in words.</summary>
internal static class JsonExpectation
{
    private const int MostValues = 20;

    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(string)] = "a string",
        [typeof(char)] = "a string of one character",
        [typeof(Uri)] = "a URI",
        [typeof(Guid)] = "a UUID",
        [typeof(bool)] = "true or false",
        [typeof(byte)] = "an integer from 0 to 255",
        [typeof(short)] = "a 16-bit integer",
        [typeof(int)] = "a 32-bit integer",
        [typeof(uint)] = "a 32-bit integer from 0",
        [typeof(long)] = "a 64-bit integer",
        [typeof(ulong)] = "a 64-bit integer from 0",
        [typeof(float)] = "a number",
        [typeof(double)] = "a number",
        [typeof(decimal)] = "a number",
        [typeof(DateTimeOffset)] = "an instant such as 2026-01-31T12:00:00Z",
        [typeof(DateTime)] = "an instant such as 2026-01-31T12:00:00Z",
        [typeof(DateOnly)] = "a date such as 2026-01-31",
        [typeof(TimeOnly)] = "a time such as 12:00:00",
        [typeof(TimeSpan)] = "a duration such as 00:01:30",
        [typeof(byte[])] = "a base64 string",
    };

    /// <summary>What is expected in place of a value; <see langword="null"/> where there is no better word than that it does not fit.</summary>
    public static string? Of(JsonTypeInfo info, JsonElement value)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return info.Kind switch
        {
            _ when Names.TryGetValue(type, out var name) => name,
            _ when type.IsEnum => ValuesOf(type),
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary when value.ValueKind is not JsonValueKind.Object => "an object",
            JsonTypeInfoKind.Enumerable when value.ValueKind is not JsonValueKind.Array => "an array",
            _ => null,
        };
    }

    private static string ValuesOf(Type type)
    {
        var values = Enum.GetValues(type).Cast<object>().Take(MostValues).Select(x => JsonSerializer.Serialize(x, type, PayloadJson.Options));
        return $"one of {string.Join(", ", values)}";
    }
}
