using System.Text.Json;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Http;

/// <summary>What a call about a workflow says in its body, beside what its path and headers say.</summary>
internal static class HttpBodies
{
    public static void Write(Utf8JsonWriter json, SignalWorkflow signal)
    {
        json.WriteText("event", signal.Event);
        json.WritePayload("message", signal.Message);
    }

    public static void Write(Utf8JsonWriter json, CancelWorkflow cancel) => json.WriteText("reason", cancel.Reason);
}
