using System.Text.Json;
using System.Text.Json.Serialization;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Control;

/// <summary>Gives a failure the fields that it has in an answer: its delay is a number of milliseconds.</summary>
internal sealed class FailureConverter : JsonConverter<ActivityFailure>
{
    public override ActivityFailure? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<WireFailure>(ref reader, options) is { } failure
            ? new ActivityFailure(failure.Type, failure.Message, failure.Details, failure.Retryable, Delay(failure.NextRetryDelayMs))
            : null;

    public override void Write(Utf8JsonWriter writer, ActivityFailure value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new WireFailure(
            value.Type, value.Message, value.Details, value.Retryable, (long?)value.NextRetryDelay?.TotalMilliseconds), options);

    private static TimeSpan? Delay(long? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private sealed record WireFailure(string Type, string Message, string? Details, bool Retryable, long? NextRetryDelayMs);
}
