using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>Says what of a stranger's value does not fit, and where in it, in the words of JSON: which type of .NET was to be made of it
/// is not his business.</summary>
internal static class PayloadProblem
{
    private const int LongestPath = 200;

    /// <summary>Says why a value could not be read.</summary>
    public static string Of(Exception exception, JsonElement payload, Type type) => exception switch
    {
        JsonException when DepthOf(payload) > PayloadJson.Options.MaxDepth => $"'$' nests deeper than {PayloadJson.Options.MaxDepth} levels",
        JsonException { Path: { } path } => At(path, payload, type),
        _ => SpokenBy(exception) is { } reason ? $"'$' is refused: {reason}" : "'$' does not fit",
    };

    /// <summary>The text of an exception with which code refuses a value by name; <see langword="null"/> for one that only says that code broke.</summary>
    public static string? SpokenBy(Exception exception) =>
        exception is ArgumentException or FormatException or SagaFlowException ? ErrorText.Clean(TokenScrubber.Scrub(exception.Message)) : null;

    private static string At(string path, JsonElement payload, Type type)
    {
        var (value, info) = (payload, PayloadJson.Options.GetTypeInfo(type));
        foreach (var step in JsonPath.Split(path))
        {
            if (!TryStep(ref value, ref info!, step))
            {
                return $"'{Shown(path)}' does not fit";
            }
        }

        return MissingOf(value, info) is { } missing
            ? $"'{Shown($"{path}.{missing}")}' is missing"
            : JsonExpectation.Of(info, value) is { } expected ? $"'{Shown(path)}' is not {expected}" : $"'{Shown(path)}' does not fit";
    }

    private static int DepthOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => 1 + value.EnumerateObject().Select(x => DepthOf(x.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + value.EnumerateArray().Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static bool TryStep(ref JsonElement value, ref JsonTypeInfo? info, string step)
    {
        if (value.ValueKind is JsonValueKind.Array && int.TryParse(step, out var index) && index < value.GetArrayLength())
        {
            (value, info) = (value[index], InfoOf(info?.ElementType));
        }
        else if (value.ValueKind is JsonValueKind.Object && value.TryGetProperty(step, out var field))
        {
            var property = info?.Properties.FirstOrDefault(x => string.Equals(x.Name, step, StringComparison.OrdinalIgnoreCase));
            (value, info) = (field, property is { CustomConverter: null } ? InfoOf(property.PropertyType) : InfoOf(info?.ElementType));
        }
        else
        {
            return false;
        }

        return info is not null;
    }

    private static JsonTypeInfo? InfoOf(Type? type) => type is null ? null : PayloadJson.Options.GetTypeInfo(type);

    private static string? MissingOf(JsonElement value, JsonTypeInfo info) => value.ValueKind is not JsonValueKind.Object
        ? null
        : info.Properties.FirstOrDefault(property => property.IsRequired && !value.EnumerateObject().Any(
            field => string.Equals(field.Name, property.Name, StringComparison.OrdinalIgnoreCase)))?.Name;

    // A path holds the names of a stranger's fields: no screenfuls, no line breaks, and no token that stands where a name belongs.
    private static string Shown(string path) =>
        string.Concat(TokenScrubber.Scrub(path).Take(LongestPath).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
