using System.Text.Json;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Workflows;

/// <summary>Makes the messages that leave because of an activity: its request, with a fresh token, and the push to stop.</summary>
/// <remarks>A request is a function of the activity's row: made again after a crash it has the same id and the same token.</remarks>
internal sealed class ActivityRequestFactory(BusNames names, TaskTokenMinter tokens)
{
    private const string Json = "application/json";

    public OutgoingMessage Create(ActivityRecord record, DateTimeOffset now)
    {
        var state = record.State;
        var request = new ActivityRequest
        {
            MessageId = WireIds.Request(state.WorkflowId, state.Id, state.Attempt),
            WorkflowType = record.WorkflowType,
            WorkflowId = state.WorkflowId,
            ActivityId = state.Id,
            Activity = state.Name,
            Attempt = state.Attempt,
            TaskToken = tokens.Mint(record).Value,
            HeartbeatToken = state.Policy.HeartbeatToken ? tokens.MintForHeartbeats(record).Value : null,
            Arguments = Parse(state.Arguments),
            ScheduledAt = state.AttemptScheduledAt,
            ScheduleToCloseDeadline = Deadlines.ScheduleToClose(state),
            StartToCloseTimeoutMs = Milliseconds(state.Policy.StartToClose),
            ScheduleToStartTimeoutMs = Milliseconds(state.Policy.ScheduleToStart),
            HeartbeatTimeoutMs = Milliseconds(state.Policy.Heartbeat),
            Checkpoint = state.Checkpoint is null ? null : Parse(state.Checkpoint),
            Traceparent = state.Policy.Traceparent,
            AnswerTo = new AnswerAddress(names.Answers, "answer"),
        };
        return new OutgoingMessage(
            request.MessageId, state.WorkflowId, OutgoingKind.ActivityRequest, names.TaskQueue(state.TaskQueue), Json, "{}", WireJson.Write(request), now);
    }

    public static OutgoingMessage CreateCancel(ActivityRecord record, ActivityEffect.PushCancel push, DateTimeOffset now)
    {
        var state = record.State;
        var body = WireJson.Write(new ActivityCancellation(state.WorkflowId, state.Id, push.Attempt, push.Reason));
        return new OutgoingMessage(
            // With the row's version: a second push for the same attempt, such as when its workflow ends, is another message.
            WireIds.Derive(state.WorkflowId, $"cancel/{state.Id}/{push.Attempt}/{record.Version}"),
            state.WorkflowId,
            OutgoingKind.Cancel,
            $"{state.TaskQueue}.{state.WorkflowId}.{state.Id}",
            Json,
            "{}",
            body,
            now);
    }

    private static JsonElement Parse(string raw)
    {
        using var document = JsonDocument.Parse(raw);
        return document.RootElement.Clone();
    }

    private static long? Milliseconds(TimeSpan? duration) => duration is { } value ? (long)value.TotalMilliseconds : null;
}
