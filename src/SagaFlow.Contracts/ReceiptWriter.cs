using System.Text.Json;

namespace SagaFlow.Contracts;

internal static class ReceiptWriter
{
    public static void Write(Utf8JsonWriter json, Receipt receipt)
    {
        json.WriteString("disposition", receipt.Disposition.ToWireName());
        json.WriteText("detail", receipt.Detail);
        json.WriteWhole("currentAttempt", receipt.CurrentAttempt);
        json.WriteBoolean("cancelRequested", receipt.CancelRequested);
        json.WriteText("workflowId", receipt.WorkflowId?.ToString());
        json.WriteText("code", receipt.Code);
    }
}
