using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>How the values of users become JSON and come back: the same on all sides, with camelCase names.</summary>
internal static class PayloadJson
{
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Writes a value as its own type says, so that a value held as <see cref="object"/> keeps its fields.</summary>
    public static JsonElement Write(object? value) =>
        JsonSerializer.SerializeToElement(value, value?.GetType() ?? typeof(object), Options);

    public static T? Read<T>(JsonElement payload) => payload.Deserialize<T>(Options);

    /// <summary>Reads a value that a stranger wrote; the problem names the place in it.</summary>
    public static bool TryRead<T>(JsonElement payload, out T? value, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            value = Read<T>(payload);
            problem = value is null && default(T) is null && payload.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
                ? "'$' is null"
                : null;
        }
        catch (Exception exception)
        {
            // Whatever the constructors and converters of its type throw, they throw again whenever it is tried.
            (value, problem) = (default, PayloadProblem.Of(exception, payload, typeof(T)));
        }

        return problem is null;
    }

    private static JsonSerializerOptions CreateOptions()
    {
        // A value that nests deeper than a body may would be refused by whoever reads it: better here, where its owner is.
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { MaxDepth = WireLimits.Depth - 2 };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
