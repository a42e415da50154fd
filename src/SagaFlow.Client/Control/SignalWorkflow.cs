using System.Text.Json;

namespace SagaFlow.Client.Control;

/// <summary>Gives a running workflow a message of the author's (<c>kind: signal</c>). The workflow is named by its id, or by its type
/// and business key.</summary>
internal sealed record SignalWorkflow : ControlMessage
{
    /// <summary>At most 128 characters; <see langword="null"/> when the sender gave none.</summary>
    public string? MessageId { get; init; }

    public Guid? WorkflowId { get; init; }

    public string? WorkflowType { get; init; }

    public string? BusinessKey { get; init; }

    /// <summary>The event's name, or the name of its message type; <see langword="null"/> for the only signal that the workflow takes.</summary>
    public string? Event { get; init; }

    /// <summary>The message, byte for byte.</summary>
    public required JsonElement Message { get; init; }
}
