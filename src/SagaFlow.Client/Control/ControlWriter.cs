using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Control;

internal static class ControlWriter
{
    public static void Write(Utf8JsonWriter json, StartWorkflow start)
    {
        json.WriteString("kind", "start");
        json.WriteText("messageId", start.MessageId);
        json.WriteText("workflowType", start.WorkflowType);
        json.WritePayload("message", start.Message);
    }

    public static void Write(Utf8JsonWriter json, QueryWorkflow query)
    {
        json.WriteString("kind", "query");
        json.WriteText("workflowId", query.WorkflowId?.ToString());
        json.WriteText("workflowType", query.WorkflowType);
        json.WriteText("businessKey", query.BusinessKey);
        json.WriteString("what", JsonNamingPolicy.CamelCase.ConvertName(query.What.ToString()));
        json.WriteWhole("after", query.After);
        json.WriteWhole("limit", query.Limit);
        json.WriteWhole("waitMs", query.WaitMs);
    }

    public static void Write(Utf8JsonWriter json, CancelWorkflow cancel)
    {
        json.WriteString("kind", "cancel");
        json.WriteText("workflowId", cancel.WorkflowId?.ToString());
        json.WriteText("workflowType", cancel.WorkflowType);
        json.WriteText("businessKey", cancel.BusinessKey);
        json.WriteText("reason", cancel.Reason);
    }

    public static void Write(Utf8JsonWriter json, SignalWorkflow signal)
    {
        json.WriteString("kind", "signal");
        json.WriteText("messageId", signal.MessageId);
        json.WriteText("workflowId", signal.WorkflowId?.ToString());
        json.WriteText("workflowType", signal.WorkflowType);
        json.WriteText("businessKey", signal.BusinessKey);
        json.WriteText("event", signal.Event);
        json.WritePayload("message", signal.Message);
    }
}
