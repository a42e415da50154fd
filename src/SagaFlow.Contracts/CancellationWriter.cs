using System.Text.Json;

namespace SagaFlow.Contracts;

internal static class CancellationWriter
{
    public static void Write(Utf8JsonWriter json, ActivityCancellation cancellation)
    {
        json.WriteText("workflowId", cancellation.WorkflowId.ToString());
        json.WriteText("activityId", cancellation.ActivityId);
        json.WriteWhole("attempt", cancellation.Attempt);
        json.WriteText("reason", cancellation.Reason);
    }
}
