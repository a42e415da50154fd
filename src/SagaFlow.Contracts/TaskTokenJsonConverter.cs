using System.Text.Json;
using System.Text.Json.Serialization;

namespace SagaFlow.Contracts;

internal sealed class TaskTokenJsonConverter : JsonConverter<TaskToken>
{
    public override TaskToken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A task token must be a string.");
        }

        return TaskToken.TryParse(reader.GetString(), out var token, out var problem)
            ? token
            : throw new JsonException($"Malformed task token: {problem}.");
    }

    public override void Write(Utf8JsonWriter writer, TaskToken value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
