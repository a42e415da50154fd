using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SagaFlow.Tests.Contracts;

/// <summary>Checks a message against a schema of the wire, with the keywords that those schemas use. A field that the schema does not name is a problem
/// here: strangers ignore it, but the page must name all that is sent.</summary>
internal sealed class SchemaCheck(Func<string, JsonElement> schemaOf)
{
    private readonly List<string> _problems = [];

    public static IReadOnlyList<string> Problems(string schema, JsonElement message, Func<string, JsonElement> schemaOf)
    {
        var check = new SchemaCheck(schemaOf);
        var root = schemaOf(schema);
        check.Check(root, root, message, "$");
        return check._problems;
    }

    private void Check(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        CheckKeywords(root, schema, value, path, names);
        if (names.Count > 0 && value.ValueKind is JsonValueKind.Object)
        {
            _problems.AddRange(value.EnumerateObject().Where(x => !names.Contains(x.Name)).Select(x => $"{path}.{x.Name} is not in the schema"));
        }
    }

    private void CheckKeywords(JsonElement root, JsonElement schema, JsonElement value, string path, HashSet<string> names)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref" when keyword.Value.GetString()!.StartsWith("#/$defs/", StringComparison.Ordinal):
                    CheckKeywords(root, root.GetProperty("$defs").GetProperty(keyword.Value.GetString()![8..]), value, path, names);
                    break;
                case "$ref":
                    var other = schemaOf(keyword.Value.GetString()!.Split(':')[1]);
                    CheckKeywords(other, other, value, path, names);
                    break;
                case "properties":
                    CheckProperties(root, keyword.Value, value, path, names);
                    break;
                case "items":
                    CheckItems(root, keyword.Value, value, path);
                    break;
                case "required":
                    _problems.AddRange(keyword.Value.EnumerateArray().Where(x => !value.TryGetProperty(x.GetString()!, out _)).Select(x => $"{path}.{x} is missing"));
                    break;
                default:
                    Require(Holds(keyword.Name, keyword.Value, value), path, keyword);
                    break;
            }
        }
    }

    private void CheckProperties(JsonElement root, JsonElement properties, JsonElement value, string path, HashSet<string> names)
    {
        foreach (var property in properties.EnumerateObject())
        {
            names.Add(property.Name);
            if (value.TryGetProperty(property.Name, out var field))
            {
                Check(root, property.Value, field, $"{path}.{property.Name}");
            }
        }
    }

    private void CheckItems(JsonElement root, JsonElement items, JsonElement value, string path)
    {
        foreach (var (item, i) in value.EnumerateArray().Select((item, i) => (item, i)))
        {
            Check(root, items, item, $"{path}[{i}]");
        }
    }

    private void Require(bool holds, string path, JsonProperty keyword)
    {
        if (!holds)
        {
            _problems.Add($"{path} is not of {keyword.Name} {keyword.Value.GetRawText()}");
        }
    }

    private static bool Holds(string keyword, JsonElement expected, JsonElement value) => keyword switch
    {
        "type" => expected.ValueKind is JsonValueKind.Array ? expected.EnumerateArray().Any(x => IsOf(x.GetString()!, value)) : IsOf(expected.GetString()!, value),
        "enum" => expected.EnumerateArray().Any(x => x.GetString() == value.GetString()),
        "format" when value.ValueKind is JsonValueKind.String => IsFormatted(expected.GetString()!, value.GetString()!),
        "minimum" when value.ValueKind is JsonValueKind.Number => value.GetInt64() >= expected.GetInt64(),
        "maximum" when value.ValueKind is JsonValueKind.Number => value.GetInt64() <= expected.GetInt64(),
        "minLength" when value.ValueKind is JsonValueKind.String => value.GetString()!.Length >= expected.GetInt32(),
        "maxLength" when value.ValueKind is JsonValueKind.String => value.GetString()!.Length <= expected.GetInt32(),
        "pattern" when value.ValueKind is JsonValueKind.String => Regex.IsMatch(value.GetString()!, expected.GetString()!),
        "minimum" or "maximum" or "minLength" or "maxLength" or "pattern" or "format" => true,
        "$schema" or "$id" or "$defs" or "title" or "description" or "default" => true,
        _ => throw new NotSupportedException($"The check knows no keyword '{keyword}'."),
    };

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind is JsonValueKind.Null,
    };

    private static bool IsFormatted(string format, string text) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        _ => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _) && text.Contains('T', StringComparison.Ordinal),
    };
}
