using System.Text.Json;
using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Timeouts;

/// <summary>The message that a due deadline becomes. It says which deadline it means; a stale one changes nothing.</summary>
internal sealed record Ring(Guid WorkflowId, string ActivityId, int Attempt, DeadlineKind Kind, int Version)
{
    public static Ring Of(DueRing due) => new(due.WorkflowId, due.ActivityId, due.Attempt, due.Due.Kind, due.Due.Version);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static Ring? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<Ring>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
