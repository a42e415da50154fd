using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Activities;

/// <summary>What a heartbeat of an open attempt does: it notes that the attempt lives, and how far it came.</summary>
/// <remarks>It never touches the alarm clock. The ring of the heartbeat deadline compares with the last heartbeat and
/// arms itself again, so a thousand heartbeats cost as many small updates and one alarm.</remarks>
internal static class HeartbeatAnswers
{
    /// <summary>How the detail begins where nobody listens.</summary>
    public const string NoTimeout = "no heartbeat timeout";

    public static Decision Take(Transition step, ActivityEvent.Heartbeat heartbeat)
    {
        var first = step.State.Status is ActivityStatus.Scheduled;
        if (step.State.Policy.Heartbeat is null)
        {
            return first
                ? step.InferStart().Done($"{NoTimeout}: taken as the attempt's start, not recorded")
                : step.Unchanged(Disposition.Ignored, NoTimeout);
        }

        if (heartbeat.Sequence is { } sequence && sequence == step.State.HeartbeatSequence)
        {
            return step.Unchanged(Disposition.Duplicate);
        }

        Record(step.InferStart(), heartbeat);
        return first ? step.Done() : step.KeepDue().Done();
    }

    /// <summary>The clock counts from the receipt, whatever the order; progress counts by the sender's order.</summary>
    private static void Record(Transition step, ActivityEvent.Heartbeat heartbeat)
    {
        var overtaken = heartbeat.Sequence < step.State.HeartbeatSequence;
        step.State = step.State with
        {
            LastHeartbeatAt = step.Now > step.State.LastHeartbeatAt ? step.Now : step.State.LastHeartbeatAt ?? step.Now,
            StartedAt = Mutants.On(Mutant.HeartbeatMovesStartToClose) ? step.Now : step.State.StartedAt,
        };
        if (!overtaken)
        {
            step.Keep(heartbeat.Checkpoint).With(new ActivityEffect.HeartbeatTaken(step.State.Attempt, heartbeat.Checkpoint));
            step.State = step.State with { HeartbeatSequence = heartbeat.Sequence ?? step.State.HeartbeatSequence };
        }
    }
}
