using System.Text.Json;
using System.Text.Json.Serialization;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Control;

/// <summary>Gives a disposition its name on the wire.</summary>
internal sealed class DispositionConverter : JsonConverter<Disposition>
{
    public override Disposition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && WireNames.TryReadDisposition(reader.GetString(), out var disposition)
            ? disposition
            : throw new JsonException("no disposition that this version knows");

    public override void Write(Utf8JsonWriter writer, Disposition value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToWireName());
}
