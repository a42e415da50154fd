using SagaFlow.Diagnostics;

namespace SagaFlow.Activities;

/// <summary>Which deadline of an activity comes next.</summary>
/// <remarks>Deadlines are computed from the policy and the instants in the state, never counted down, so that nothing is
/// lost when a process dies. <see cref="ActivityState.Due"/> is the one that the alarm clock knows.</remarks>
internal static class Deadlines
{
    /// <summary>When the activity must be over, with all its attempts; <see langword="null"/> when it may take for ever.</summary>
    public static DateTimeOffset? ScheduleToClose(ActivityState state)
    {
        var from = Mutants.On(Mutant.ScheduleToCloseRestarts) ? state.AttemptScheduledAt : state.ScheduledAt;
        return After(state, from, state.Policy.ScheduleToClose);
    }

    /// <summary>The earliest deadline as it stands now, the last heartbeat counted; <see langword="null"/> when there is none.</summary>
    public static (DateTimeOffset At, DeadlineKind Kind)? Next(ActivityState state)
    {
        if (state.IsClosed)
        {
            return null;
        }

        // A retry is only planned before schedule-to-close, so during the back-off nothing comes earlier.
        if (state is { Status: ActivityStatus.BackingOff, Due: { } retry })
        {
            return (retry.At, retry.Kind);
        }

        return Earliest(All(state));
    }

    /// <summary>The deadlines of the policy that run in this status, the most final first.</summary>
    public static IEnumerable<(DateTimeOffset? At, DeadlineKind Kind)> All(ActivityState state)
    {
        if (state.IsClosed)
        {
            yield break;
        }

        yield return (ScheduleToClose(state), DeadlineKind.ScheduleToClose);
        if (state.Status is ActivityStatus.Scheduled)
        {
            yield return (After(state, state.AttemptScheduledAt, state.Policy.ScheduleToStart), DeadlineKind.ScheduleToStart);
        }

        if (state is { Status: ActivityStatus.Started, StartedAt: { } startedAt })
        {
            yield return (After(state, startedAt, state.Policy.StartToClose), DeadlineKind.StartToClose);
            yield return (After(state, state.LastHeartbeatAt ?? startedAt, state.Policy.Heartbeat), DeadlineKind.Heartbeat);
        }
    }

    /// <summary>Gives the new state its deadline; the old one stays when it is the same one of the same attempt.</summary>
    public static ActivityState Arm(ActivityState before, ActivityState after)
    {
        var next = Next(after);
        var sameAttempt = before.Attempt == after.Attempt;
        return sameAttempt && IsSame(after.Due, next) ? after : Renew(after);
    }

    /// <summary>Sets the deadline under a new version: rings of older versions are stale from now on.</summary>
    public static ActivityState Renew(ActivityState state)
    {
        if (Next(state) is { } next)
        {
            var version = state.DueVersion + 1;
            return state with { Due = new Deadline(next.At, next.Kind, version), DueVersion = version };
        }

        return state.Due is null ? state : state with { Due = null, DueVersion = state.DueVersion + 1 };
    }

    /// <summary>Of two deadlines at the same instant the more final one counts, which stands first.</summary>
    private static (DateTimeOffset At, DeadlineKind Kind)? Earliest(IEnumerable<(DateTimeOffset? At, DeadlineKind Kind)> deadlines)
    {
        (DateTimeOffset At, DeadlineKind Kind)? earliest = null;
        foreach (var (candidate, kind) in deadlines)
        {
            if (candidate is { } at && (earliest is null || at < earliest.Value.At
                || (at == earliest.Value.At && Mutants.On(Mutant.LessFinalDeadlineFirst))))
            {
                earliest = (at, kind);
            }
        }

        return earliest;
    }

    private static bool IsSame(Deadline? due, (DateTimeOffset At, DeadlineKind Kind)? next) =>
        due is null ? next is null : next == (due.At, due.Kind);

    /// <summary>A deadline that passed while no engine was alive stands at the end of the grace instead.</summary>
    private static DateTimeOffset? After(ActivityState state, DateTimeOffset from, TimeSpan? timeout)
    {
        var at = from + timeout;
        return at < state.GraceUntil ? state.GraceUntil : at;
    }
}
