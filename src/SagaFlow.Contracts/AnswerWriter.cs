using System.Text.Json;

namespace SagaFlow.Contracts;

internal static class AnswerWriter
{
    public static void Write(Utf8JsonWriter json, ActivityAnswer answer)
    {
        json.WriteString("kind", answer.Kind.ToWireName());
        json.WriteString("taskToken", answer.TaskToken);
        json.WriteText("messageId", answer.MessageId);
        WriteResult(json, answer);
        if (answer.Failure is { } failure)
        {
            WriteFailure(json, failure);
        }

        json.WritePayload("checkpoint", answer.Checkpoint);
        json.WriteWhole("sequence", answer.Sequence);
        json.WriteWhole("runningForMs", answer.RunningForMs);
        json.WriteText("claimId", answer.ClaimId);
        json.WriteWhole("attempt", answer.Attempt);
    }

    private static void WriteResult(Utf8JsonWriter json, ActivityAnswer answer)
    {
        if (answer.Kind == AnswerKind.Completed && answer.Result is null)
        {
            // An activity without a result says so: a missing field would be taken for a forgotten one.
            json.WriteNull("result");
            return;
        }

        json.WritePayload("result", answer.Result);
    }

    private static void WriteFailure(Utf8JsonWriter json, ActivityFailure failure)
    {
        json.WriteStartObject("failure");
        json.WriteString("type", failure.Type);
        json.WriteString("message", ErrorText.Clean(failure.Message));
        json.WriteText("details", failure.Details is { } details ? ErrorText.Clean(details) : null);
        json.WriteBoolean("retryable", failure.Retryable);
        json.WriteWhole("nextRetryDelayMs", failure.NextRetryDelay is { } delay ? ToMs(delay) : null);
        json.WriteEndObject();
    }

    // Rounded up: a retry never comes before the delay that was asked for.
    private static long ToMs(TimeSpan delay) => (long)Math.Clamp(Math.Ceiling(delay.TotalMilliseconds), 0, WireLimits.DurationMs);
}
