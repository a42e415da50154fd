using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SagaFlow.Contracts;

/// <summary>Writes one JSON object without white space. Fields without a value are left out.</summary>
internal static class WireWriter
{
    public static byte[] Write<T>(T message, Action<Utf8JsonWriter, T> writeFields)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            writeFields(json, message);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteText(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    public static void WriteWhole(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    public static void WriteInstant(this Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } instant)
        {
            json.WriteString(name, Rfc3339.Format(instant));
        }
    }

    /// <summary>Writes a payload's own bytes. They were read as JSON once, so they are not read again.</summary>
    public static void WritePayload(this Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } payload)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(payload), skipInputValidation: true);
        }
    }
}
