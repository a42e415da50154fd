using System.Text.Json;

namespace SagaFlow.Contracts;

internal static class RequestWriter
{
    public static void Write(Utf8JsonWriter json, ActivityRequest request)
    {
        json.WriteString("messageId", request.MessageId);
        json.WriteString("workflowType", request.WorkflowType);
        json.WriteString("workflowId", request.WorkflowId);
        json.WriteString("activityId", request.ActivityId);
        json.WriteString("activity", request.Activity);
        json.WriteNumber("attempt", request.Attempt);
        json.WriteString("taskToken", request.TaskToken);
        json.WriteText("heartbeatToken", request.HeartbeatToken);
        json.WritePayload("arguments", request.Arguments);
        json.WriteInstant("scheduledAt", request.ScheduledAt);
        json.WriteInstant("scheduleToCloseDeadline", request.ScheduleToCloseDeadline);
        json.WriteWhole("startToCloseTimeoutMs", request.StartToCloseTimeoutMs);
        json.WriteWhole("scheduleToStartTimeoutMs", request.ScheduleToStartTimeoutMs);
        json.WriteWhole("heartbeatTimeoutMs", request.HeartbeatTimeoutMs);
        json.WritePayload("checkpoint", request.Checkpoint);
        json.WriteStartObject("answerTo");
        json.WriteString("exchange", request.AnswerTo.Exchange);
        json.WriteString("routingKey", request.AnswerTo.RoutingKey);
        json.WriteEndObject();
        json.WriteText("traceparent", request.Traceparent);
    }
}
