using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>What must become of an event: what its sender is told, where the activity stands then, and what else happens, in order.</summary>
internal sealed record Expected(Disposition Disposition, bool Stop, ActivityStatus Status, int Attempt, string Effects)
{
    public static Expected Of(Decision decision) => new(
        decision.Disposition,
        decision.CancelRequested,
        decision.State.Status,
        decision.State.Attempt,
        string.Join(", ", decision.Effects.Select(x => x.GetType().Name)));
}
