using System.Text.Json;

namespace SagaFlow.Client.Control;

/// <summary>Asks for a new workflow (<c>kind: start</c>). The business key is taken from the message by the workflow's definition.</summary>
/// <param name="MessageId">At most 128 characters; <see langword="null"/> when the sender gave none.</param>
/// <param name="WorkflowType">The type, in kebab case.</param>
/// <param name="Message">The start message, byte for byte.</param>
internal sealed record StartWorkflow(string? MessageId, string WorkflowType, JsonElement Message) : ControlMessage;
