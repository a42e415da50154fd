using System.Text.Json;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Joins;

/// <summary>The message that a met condition becomes. It is not stored: the group's row says that it is due until the join is committed.</summary>
internal sealed record JoinMessage(Guid WorkflowId, string GroupId)
{
    /// <summary>Makes the message with the id that it has whenever it is made.</summary>
    public OutgoingMessage ToOutgoing(DateTimeOffset now) => new(
        WireIds.Derive(WorkflowId, $"join/{GroupId}"),
        WorkflowId,
        OutgoingKind.Join,
        GroupId,
        "application/json",
        "{}",
        JsonSerializer.SerializeToUtf8Bytes(this),
        now);

    public static JoinMessage? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<JoinMessage>(body) is { GroupId: not null } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
