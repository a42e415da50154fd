using System.Collections;
using System.Text.Json.Serialization.Metadata;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>Finds a field that a message leaves out although its type says that there is always a value.</summary>
/// <remarks>The serializer leaves <see langword="null"/> there, which would show only in the author's code, by an exception that tells
/// the sender nothing. A type that was compiled without nullable annotations promises nothing, and has no gaps.</remarks>
internal static class PayloadGaps
{
    /// <summary>The path of the first such field; <see langword="null"/> when there is none.</summary>
    public static string? Find(object message, Type type) => Find(message, type, WireLimits.Depth) is { } path ? $"${path}" : null;

    // From here on: the rest of the path. It is put together on the way back, so that a message without gaps costs no text.
    private static string? Find(object value, Type type, int depth)
    {
        var info = PayloadJson.Options.GetTypeInfo(type);
        return (info.Kind, depth) switch
        {
            (_, 0) => null,
            (JsonTypeInfoKind.Object, _) => FindInObject(value, info, depth),
            (JsonTypeInfoKind.Enumerable, _) when value is IList items && info.ElementType is { IsPrimitive: false } element =>
                FindInList(items, element, depth),
            _ => null,
        };
    }

    private static string? FindInObject(object value, JsonTypeInfo info, int depth)
    {
        foreach (var property in info.Properties.Where(IsRead))
        {
            var field = property.Get!(value);
            var rest = field is null
                ? property.IsGetNullable || property.AssociatedParameter is { HasDefaultValue: true } ? null : ""
                : property.CustomConverter is null ? Find(field, property.PropertyType, depth - 1) : null;
            if (rest is not null)
            {
                return $".{property.Name}{rest}";
            }
        }

        return null;
    }

    private static string? FindInList(IList items, Type element, int depth)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is { } item && Find(item, element, depth - 1) is { } rest)
            {
                return $"[{i}]{rest}";
            }
        }

        return null;
    }

    // Computed properties, and those that collect what is left over, are not read from a field.
    private static bool IsRead(JsonPropertyInfo property) =>
        property is { Get: not null, IsExtensionData: false } && (property.Set is not null || property.AssociatedParameter is not null);
}
