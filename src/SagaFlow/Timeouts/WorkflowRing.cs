using System.Text.Json;
using System.Text.Json.Serialization;
using SagaFlow.Storage;

namespace SagaFlow.Timeouts;

/// <summary>The message that a workflow's own due deadline becomes.</summary>
internal sealed record WorkflowRing
{
    [JsonRequired]
    public required Guid WorkflowId { get; init; }

    /// <summary>Tells it from the ring of an activity, too.</summary>
    [JsonRequired]
    public required DateTimeOffset WorkflowDeadlineAt { get; init; }

    public static WorkflowRing Of(DueWorkflow due) => new() { WorkflowId = due.WorkflowId, WorkflowDeadlineAt = due.DeadlineAt };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static WorkflowRing? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkflowRing>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
