using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>Moves deadlines that passed while no engine was alive: answers that are queued already must be read first.</summary>
internal static class BlackoutGrace
{
    /// <summary>Lets no deadline of the activity pass before the grace is over, if one of them fell into the blackout.</summary>
    /// <remarks>The end of a back-off is no deadline: the next attempt is handed out as soon as the engine is back.</remarks>
    public static Decision Apply(Transition step, ActivityEvent.Blackout blackout)
    {
        var passed = Deadlines.All(step.State).Where(x => x.At > blackout.Since && x.At <= blackout.Until).Min(x => x.At);
        if (passed is not { } from)
        {
            return step.Unchanged(Disposition.Ignored);
        }

        var graceUntil = blackout.Until + blackout.Grace;
        step.State = step.State with { GraceUntil = graceUntil };
        return step.With(new ActivityEffect.DeadlineMoved(from, graceUntil)).Done();
    }
}
