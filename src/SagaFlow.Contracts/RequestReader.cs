using System.Text.Json;

namespace SagaFlow.Contracts;

internal static class RequestReader
{
    public static ActivityRequest Read(ReadOnlySpan<byte> body)
    {
        var fields = ReadFields(body);
        return new ActivityRequest
        {
            MessageId = fields.MessageId ?? throw WireFormatException.Missing("$.messageId"),
            WorkflowType = Required(fields.WorkflowType, "$.workflowType"),
            WorkflowId = fields.WorkflowId ?? throw WireFormatException.Missing("$.workflowId"),
            ActivityId = Required(fields.ActivityId, "$.activityId"),
            Activity = Required(fields.Activity, "$.activity"),
            Attempt = (int)(fields.Attempt ?? throw WireFormatException.Missing("$.attempt")),
            TaskToken = RequiredToken(fields.TaskToken, "$.taskToken"),
            HeartbeatToken = fields.HeartbeatToken is null ? null : RequiredToken(fields.HeartbeatToken, "$.heartbeatToken"),
            Arguments = fields.Arguments ?? throw WireFormatException.Missing("$.arguments"),
            ScheduledAt = fields.ScheduledAt ?? throw WireFormatException.Missing("$.scheduledAt"),
            ScheduleToCloseDeadline = fields.ScheduleToCloseDeadline,
            StartToCloseTimeoutMs = fields.StartToCloseTimeoutMs,
            ScheduleToStartTimeoutMs = fields.ScheduleToStartTimeoutMs,
            HeartbeatTimeoutMs = fields.HeartbeatTimeoutMs,
            Checkpoint = fields.Checkpoint,
            AnswerTo = fields.AnswerTo ?? throw WireFormatException.Missing("$.answerTo"),
            Traceparent = fields.Traceparent,
        };
    }

    private static Fields ReadFields(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fields = new Fields();
        reader.EnterBody();
        while (reader.NextField(seen, "$") is { } field)
        {
            ReadField(ref reader, ref fields, field);
        }

        reader.LeaveBody();
        return fields;
    }

    private static void ReadField(ref WireReader reader, ref Fields fields, string field)
    {
        switch (field)
        {
            case "messageId": fields.MessageId = reader.ReadUuid("$.messageId"); break;
            case "workflowType": fields.WorkflowType = reader.ReadName("$.workflowType"); break;
            case "workflowId": fields.WorkflowId = reader.ReadUuid("$.workflowId"); break;
            case "activityId": fields.ActivityId = reader.ReadName("$.activityId"); break;
            case "activity": fields.Activity = reader.ReadName("$.activity"); break;
            case "attempt": fields.Attempt = reader.ReadWhole("$.attempt", 1, int.MaxValue); break;
            case "taskToken": fields.TaskToken = reader.ReadText("$.taskToken"); break;
            case "heartbeatToken": fields.HeartbeatToken = reader.ReadText("$.heartbeatToken"); break;
            case "arguments": fields.Arguments = reader.ReadPayload(); break;
            case "scheduledAt": fields.ScheduledAt = reader.ReadInstant("$.scheduledAt"); break;
            case "scheduleToCloseDeadline": fields.ScheduleToCloseDeadline = reader.ReadInstant("$.scheduleToCloseDeadline"); break;
            case "startToCloseTimeoutMs": fields.StartToCloseTimeoutMs = reader.ReadDurationMs("$.startToCloseTimeoutMs"); break;
            case "scheduleToStartTimeoutMs": fields.ScheduleToStartTimeoutMs = reader.ReadDurationMs("$.scheduleToStartTimeoutMs"); break;
            case "heartbeatTimeoutMs": fields.HeartbeatTimeoutMs = reader.ReadDurationMs("$.heartbeatTimeoutMs"); break;
            case "checkpoint": fields.Checkpoint = reader.ReadCheckpoint("$.checkpoint"); break;
            case "answerTo": fields.AnswerTo = ReadAnswerTo(ref reader); break;
            case "traceparent": fields.Traceparent = reader.ReadName("$.traceparent"); break;
            default: reader.SkipValue(); break;
        }
    }

    private static AnswerAddress? ReadAnswerTo(ref WireReader reader)
    {
        if (!reader.EnterObject("$.answerTo"))
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? exchange = null;
        string? routingKey = null;
        while (reader.NextField(seen, "$.answerTo") is { } field)
        {
            switch (field)
            {
                case "exchange": exchange = reader.ReadName("$.answerTo.exchange"); break;
                case "routingKey": routingKey = reader.ReadName("$.answerTo.routingKey"); break;
                default: reader.SkipValue(); break;
            }
        }

        return new AnswerAddress(
            exchange ?? throw WireFormatException.Missing("$.answerTo.exchange"),
            routingKey ?? throw WireFormatException.Missing("$.answerTo.routingKey"));
    }

    private static string Required(string? text, string path) =>
        string.IsNullOrEmpty(text) ? throw WireFormatException.Missing(path) : text;

    private static string RequiredToken(string? token, string path) => TaskToken.TryParse(token, out var read, out var problem)
        ? read.Value
        : throw WireFormatException.Malformed("token", $"Field '{path}' is no task token: {problem}");

    private struct Fields
    {
        public Guid? MessageId;
        public string? WorkflowType;
        public Guid? WorkflowId;
        public string? ActivityId;
        public string? Activity;
        public long? Attempt;
        public string? TaskToken;
        public string? HeartbeatToken;
        public JsonElement? Arguments;
        public DateTimeOffset? ScheduledAt;
        public DateTimeOffset? ScheduleToCloseDeadline;
        public long? StartToCloseTimeoutMs;
        public long? ScheduleToStartTimeoutMs;
        public long? HeartbeatTimeoutMs;
        public JsonElement? Checkpoint;
        public AnswerAddress? AnswerTo;
        public string? Traceparent;
    }
}
