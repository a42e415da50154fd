using System.Globalization;
using System.Text.Json;

namespace SagaFlow.Contracts;

/// <summary>Reads one JSON object strictly and in one pass: no comments, trailing commas or repeated fields; types as documented.</summary>
internal ref struct WireReader
{
    private Utf8JsonReader _json;

    public WireReader(ReadOnlySpan<byte> body, int depth = WireLimits.Depth)
    {
        _json = new Utf8JsonReader(body, new JsonReaderOptions
        {
            AllowTrailingCommas = false,
            CommentHandling = JsonCommentHandling.Disallow,
            MaxDepth = depth,
        });
    }

    /// <summary>Enters the body, which must be an object.</summary>
    public void EnterBody()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
        {
            throw WireFormatException.Malformed("body_missing", "The body is null; an object is expected");
        }

        ExpectObject("$");
    }

    /// <summary>Sees to it that nothing follows the body.</summary>
    public void LeaveBody() => _json.Read();

    /// <summary>Enters the object that is the current field's value; <see langword="false"/> when the value is null.</summary>
    public readonly bool EnterObject(string path)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        ExpectObject(path);
        return true;
    }

    /// <summary>Moves to the next field's value and gives the field's name; <see langword="null"/> at the end of the object.</summary>
    public string? NextField(HashSet<string> seen, string path)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        var name = DecodeText(path);
        if (!seen.Add(name))
        {
            throw WireFormatException.Malformed("json_duplicate_key", $"Field '{path}.{ForDetail(name)}' appears twice");
        }

        _json.Read();
        return name;
    }

    public void SkipValue() => _json.Skip();

    /// <summary>Skips the value and gives the place of its bytes in the body.</summary>
    public Range SkipAndLocate()
    {
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        return start..(int)_json.BytesConsumed;
    }

    public readonly string? ReadText(string path)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Expect(_json.TokenType == JsonTokenType.String, path, "a string");
        return DecodeText(path);
    }

    /// <summary>Reads an id or a name: bounded, and without NUL, which not every store can hold.</summary>
    public readonly string? ReadName(string path, int maximumLength = WireLimits.NameLength)
    {
        var text = ReadText(path);
        if (text?.Length > maximumLength)
        {
            throw WireFormatException.Malformed("too_long", $"Field '{path}' is longer than {maximumLength} characters");
        }

        return text?.Contains('\0') == true
            ? throw WireFormatException.Malformed("nul_not_allowed", $"Field '{path}' contains a NUL character")
            : text;
    }

    public readonly long? ReadWhole(string path, long minimum, long maximum)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var number = 0L;
        Expect(_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out number), path, "a 64-bit integer");
        return number < minimum || number > maximum
            ? throw WireFormatException.Malformed("range", $"Field '{path}' is not in {minimum} to {maximum}")
            : number;
    }

    public readonly long? ReadDurationMs(string path) => ReadWhole(path, 0, WireLimits.DurationMs);

    public readonly bool? ReadFlag(string path)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Expect(_json.TokenType is JsonTokenType.True or JsonTokenType.False, path, "true or false");
        return _json.GetBoolean();
    }

    public readonly Guid? ReadUuid(string path)
    {
        var text = ReadText(path);
        var id = Guid.Empty;
        Expect(text is null || Guid.TryParseExact(text, "D", out id), path, "a UUID");
        return text is null ? null : id;
    }

    public readonly DateTimeOffset? ReadInstant(string path)
    {
        var text = ReadText(path);
        var at = default(DateTimeOffset);
        Expect(text is null || Rfc3339.TryParse(text, out at), path, "an RFC 3339 instant with its offset");
        return text is null ? null : at;
    }

    /// <summary>Reads an opaque value and keeps its bytes as they are.</summary>
    public JsonElement ReadPayload() => JsonElement.ParseValue(ref _json);

    /// <summary>Reads a checkpoint; null says that there is none.</summary>
    public JsonElement? ReadCheckpoint(string path)
    {
        var start = _json.TokenStartIndex;
        var checkpoint = ReadPayload();
        if (_json.BytesConsumed - start > WireLimits.CheckpointBytes)
        {
            throw WireFormatException.TooLarge(
                "checkpoint_too_large", $"Field '{path}' is larger than {WireLimits.CheckpointBytes} bytes");
        }

        return checkpoint.ValueKind == JsonValueKind.Null ? null : checkpoint;
    }

    /// <summary>Reads a list of texts; null gives an empty one.</summary>
    public string[] ReadTexts(string path)
    {
        var texts = new List<string>();
        if (_json.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        Expect(_json.TokenType == JsonTokenType.StartArray, path, "a list of strings");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(ReadText($"{path}[{texts.Count.ToString(CultureInfo.InvariantCulture)}]") ?? throw WireFormatException.Missing(path));
        }

        return [.. texts];
    }

    private readonly string DecodeText(string path)
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The reader's way of saying that an escape names half a surrogate pair.
            throw WireFormatException.Malformed("text", $"Text in '{path}' holds half a surrogate pair");
        }
    }

    private readonly void ExpectObject(string path) => Expect(_json.TokenType == JsonTokenType.StartObject, path, "an object");

    private static void Expect(bool isSo, string path, string expected)
    {
        if (!isSo)
        {
            throw WireFormatException.Malformed("type", $"Field '{path}' is not {expected}");
        }
    }

    // The name is a stranger's: no line breaks into the log, no screenfuls into the receipt, and no token that stands where a name belongs.
    private static string ForDetail(string name) =>
        string.Concat(TokenScrubber.Scrub(name).Take(64).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
