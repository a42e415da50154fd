using System.Text.Json;
using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Timeouts;

/// <summary>The message that a due deadline becomes. It says which deadline it means; a stale one changes nothing.</summary>
/// <param name="WorkflowId">Whose deadline it is.</param>
/// <param name="ActivityId">Of which activity; empty for a timer.</param>
/// <param name="Attempt">Of which attempt.</param>
/// <param name="Kind">Which of the attempt's deadlines.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="Timer">The timer of the author's that is meant instead of an activity's deadline; <see langword="null"/> for none.</param>
internal sealed record Ring(Guid WorkflowId, string ActivityId, int Attempt, DeadlineKind Kind, int Version, Guid? Timer = null)
{
    public static Ring Of(DueRing due) => new(due.WorkflowId, due.ActivityId, due.Attempt, due.Due.Kind, due.Due.Version);

    public static Ring Of(DueTimer due) => new(due.WorkflowId, "", 0, default, due.Version, due.TimerId);

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
