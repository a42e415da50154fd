using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Contracts;

namespace SagaFlow.Benchmarks.Floor;

/// <summary>The messages and history lines that the hand-written engine writes.</summary>
internal sealed class FloorMessages(FloorToken tokens, Names names)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    public FloorStart Start(Guid workflowId, string key, string message)
    {
        var now = DateTimeOffset.UtcNow;
        var requestId = WireIds.Request(workflowId, FloorNames.ActivityId, 1);
        var arguments = Text(json => json.WriteString("key", key));
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(message)));
        return new FloorStart(
            workflowId,
            key,
            hash,
            WireIds.Request(workflowId, hash, 0),
            arguments,
            Text(json =>
            {
                json.WriteString("type", Names.WorkflowType);
                json.WriteString("businessKey", key);
                Raw(json, "input", message);
            }),
            Text(json =>
            {
                json.WriteString("taskQueue", "default");
                json.WriteNumber("scheduleToCloseTimeoutMs", (long)Timeout.TotalMilliseconds);
                Raw(json, "arguments", arguments);
            }),
            requestId,
            Bytes(json => WriteRequest(json, workflowId, requestId, arguments, now)));
    }

    public static string AttemptStarted(bool inferred) => Text(json =>
    {
        json.WriteString("startedAt", DateTimeOffset.UtcNow);
        json.WriteBoolean("inferred", inferred);
    });

    public static FloorCompletion Completion(Guid workflowId, FloorRow row, string result) => new(
        workflowId,
        row.WorkflowVersion,
        row.ActivityVersion,
        result,
        $$"""[{"Attempt":1,"How":"Completed","AnswerHash":"{{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(result)))}}","At":"{{DateTimeOffset.UtcNow:O}}"}]""",
        row.ActivityStatus == "Scheduled" ? AttemptStarted(inferred: true) : null,
        Text(json => Raw(json, "result", result)));

    public static byte[] Receipt(string disposition, Guid workflowId) => Bytes(json =>
    {
        json.WriteString("disposition", disposition);
        json.WriteBoolean("cancelRequested", false);
        json.WriteString("workflowId", workflowId);
    });

    public static byte[] Result(Guid workflowId, FloorRow row, string? result) => Bytes(json =>
    {
        json.WriteString("disposition", "applied");
        json.WriteBoolean("cancelRequested", false);
        json.WriteString("workflowId", workflowId);
        json.WriteStartObject("workflow");
        json.WriteString("id", workflowId);
        json.WriteString("type", Names.WorkflowType);
        json.WriteString("businessKey", row.Key);
        json.WriteString("state", result is null ? "Work.Pending" : "Final");
        json.WriteString("status", result is null ? "Running" : "Completed");
        json.WriteNumber("definitionVersion", 1);
        Raw(json, "result", result ?? "null");
        json.WriteString("createdAt", row.CreatedAt);
        json.WriteString("updatedAt", DateTimeOffset.UtcNow);
        json.WriteString("closedAt", DateTimeOffset.UtcNow);
        json.WriteEndObject();
    });

    private void WriteRequest(Utf8JsonWriter json, Guid workflowId, Guid requestId, string arguments, DateTimeOffset now)
    {
        json.WriteString("messageId", requestId);
        json.WriteString("workflowType", Names.WorkflowType);
        json.WriteString("workflowId", workflowId);
        json.WriteString("activityId", FloorNames.ActivityId);
        json.WriteString("activity", FloorNames.Activity);
        json.WriteNumber("attempt", 1);
        json.WriteString("taskToken", tokens.Mint(workflowId, now + Timeout + Retention));
        Raw(json, "arguments", arguments);
        json.WriteString("scheduledAt", now);
        json.WriteString("scheduleToCloseDeadline", now + Timeout);
        json.WriteStartObject("answerTo");
        json.WriteString("exchange", names.Answers);
        json.WriteString("routingKey", "answer");
        json.WriteEndObject();
    }

    private static void Raw(Utf8JsonWriter json, string name, string raw)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(raw, skipInputValidation: true);
    }

    private static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Bytes(write));

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
