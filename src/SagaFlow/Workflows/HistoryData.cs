using System.Buffers;
using System.Text;
using System.Text.Json;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>The payload of each kind of history event, as JSON. Payloads of the author's stand in it as they came.</summary>
internal static class HistoryData
{
    public static string Started(string type, StartTerms terms, string input) => Write(json =>
    {
        json.WriteString("type", type);
        json.WriteString("businessKey", terms.BusinessKey);
        WriteMilliseconds(json, "timeoutMs", terms.Timeout);
        WriteRaw(json, "input", input);
    });

    public static string Scheduled(ActivityState state) => Write(json =>
    {
        json.WriteString("taskQueue", state.TaskQueue);
        WriteMilliseconds(json, "scheduleToStartTimeoutMs", state.Policy.ScheduleToStart);
        WriteMilliseconds(json, "startToCloseTimeoutMs", state.Policy.StartToClose);
        WriteMilliseconds(json, "scheduleToCloseTimeoutMs", state.Policy.ScheduleToClose);
        WriteMilliseconds(json, "heartbeatTimeoutMs", state.Policy.Heartbeat);
        WriteRaw(json, "arguments", state.Arguments);
    });

    public static string AttemptStarted(ActivityEffect.AttemptStarted effect) => Write(json =>
    {
        json.WriteString("startedAt", effect.At);
        json.WriteBoolean("inferred", effect.Inferred);
    });

    public static string AttemptClosed(ActivityEffect.AttemptClosed effect) => Write(json =>
    {
        WriteTimeout(json, effect.Timeout);
        WriteFailure(json, effect.Failure);
        json.WriteString("retryAt", effect.RetryAt!.Value);
    });

    public static string? Ended(ActivityState state) => Write(json =>
    {
        if (state.Status == ActivityStatus.Completed)
        {
            WriteRaw(json, "result", state.Result);
            return;
        }

        WriteTimeout(json, state.TimeoutType);
        WriteFailure(json, state.Failure);
    });

    public static string Moved(ActivityEffect.DeadlineMoved effect) => Write(json =>
    {
        json.WriteString("from", effect.From);
        json.WriteString("to", effect.To);
    });

    public static string Reason(string reason) => Write(json => json.WriteString("reason", reason));

    public static string Result(string? result) => Write(json => WriteRaw(json, "result", result));

    public static string Failure(ActivityFailure failure) => Write(json => WriteFailure(json, failure));

    public static string Event(string name, string? body) => Write(json =>
    {
        json.WriteString("event", name);
        WriteRaw(json, "message", body);
    });

    public static string Dropped(string name, string reason) => Write(json =>
    {
        json.WriteString("event", name);
        json.WriteString("reason", reason);
    });

    public static string Retried(int run, ActivityFailure failure, DateTimeOffset nextRunAt) => Write(json =>
    {
        json.WriteNumber("run", run);
        WriteFailure(json, failure);
        json.WriteString("nextRunAt", nextRunAt);
    });

    public static string Run(int run) => Write(json => json.WriteNumber("run", run));

    public static string Group(GroupRecord group) => Write(json =>
    {
        json.WriteString("group", group.Id);
        json.WriteNumber("members", group.Members);
        json.WriteNumber("needed", group.Needed);
    });

    public static string Joined(string groupId, JoinedGroup group) => Write(json =>
    {
        var completed = group.Members.Count(x => x.Status == ActivityStatus.Completed);
        json.WriteString("group", groupId);
        json.WriteBoolean("succeeded", group.Succeeded);
        json.WriteNumber("completed", completed);
        json.WriteNumber("failed", group.Members.Count - completed - group.Overtaken.Count);
        json.WriteNumber("overtaken", group.Overtaken.Count);
    });

    public static string Migrated(WorkflowRecord from, WorkflowRecord to) => Write(json =>
    {
        json.WriteNumber("fromVersion", from.DefinitionVersion);
        json.WriteNumber("toVersion", to.DefinitionVersion);
        json.WriteString("fromState", from.State);
        json.WriteString("toState", to.State);
    });

    public static string Timer(Guid timerId) => Write(json => json.WriteString("timer", timerId));

    public static string Timer(TimerRecord timer, string? body) => Write(json =>
    {
        json.WriteString("timer", timer.Id);
        json.WriteString("messageType", timer.MessageType);
        json.WriteString("dueAt", timer.DueAt);
        WriteRaw(json, "message", body);
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // A payload was checked where it came in; here it is only carried.
    private static void WriteRaw(Utf8JsonWriter json, string name, string? raw)
    {
        if (raw is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(raw, skipInputValidation: true);
        }
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, string name, TimeSpan? duration)
    {
        if (duration is { } value)
        {
            json.WriteNumber(name, (long)value.TotalMilliseconds);
        }
    }

    /// <summary>Reads which deadline passed, from what <see cref="AttemptClosed"/> wrote.</summary>
    public static string? TimeoutTypeOf(string? data) =>
        data is not null && JsonElement.Parse(data).TryGetProperty("timeoutType", out var type) ? type.GetString() : null;

    private static void WriteTimeout(Utf8JsonWriter json, TimeoutType? timeout)
    {
        if (timeout is { } type)
        {
            json.WriteString("timeoutType", type.ToString());
        }
    }

    private static void WriteFailure(Utf8JsonWriter json, ActivityFailure? failure)
    {
        if (failure is not null)
        {
            WriteRaw(json, "failure", RawJson.Write(failure));
        }
    }
}
