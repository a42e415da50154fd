using System.Text.Json;
using System.Text.Json.Serialization;

namespace SagaFlow.Contracts;

/// <summary>Gives a failure its wire form wherever it is serialized: the delay is <c>nextRetryDelayMs</c>, an integer.</summary>
internal sealed class ActivityFailureJsonConverter : JsonConverter<ActivityFailure>
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public override ActivityFailure? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<Fields>(ref reader, Web) is { } fields
            ? new ActivityFailure(
                fields.Type ?? "Failed",
                fields.Message ?? "",
                fields.Details,
                fields.Retryable ?? true,
                fields.NextRetryDelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : null)
            : null;

    public override void Write(Utf8JsonWriter writer, ActivityFailure value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("type", value.Type);
        writer.WriteString("message", value.Message);
        if (value.Details is not null)
        {
            writer.WriteString("details", value.Details);
        }

        writer.WriteBoolean("retryable", value.Retryable);
        if (value.NextRetryDelay is { } delay)
        {
            writer.WriteNumber("nextRetryDelayMs", (long)delay.TotalMilliseconds);
        }

        writer.WriteEndObject();
    }

    private sealed record Fields(string? Type, string? Message, string? Details, bool? Retryable, long? NextRetryDelayMs);
}
