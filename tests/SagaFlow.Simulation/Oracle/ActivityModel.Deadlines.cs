namespace SagaFlow.Simulation.Oracle;

/// <content>Deadlines and retries.</content>
internal sealed partial class ActivityModel
{
    private long ScheduleToCloseAt => After(_now.ScheduledAt, _terms.ScheduleToClose);

    private long HeartbeatAt => After(_now.LastHeartbeatAt == ActivityImage.Never ? _now.StartedAt : _now.LastHeartbeatAt, _terms.Heartbeat);

    private long After(long from, long timeout) => timeout == Terms.None ? ActivityImage.Never : Math.Max(from + timeout, _now.GraceUntil);

    /// <summary>The earliest deadline that runs; of two at one instant the more final one.</summary>
    private (long At, DueKind Kind) Next()
    {
        if (_now.Standing == Standing.BackingOff)
        {
            return (_now.DueAt, _now.DueKind);
        }

        (long At, DueKind Kind) next = (ActivityImage.Never, DueKind.None);
        if (_now.IsClosed)
        {
            return next;
        }

        Consider(ref next, ScheduleToCloseAt, DueKind.ScheduleToClose);
        if (_now.Standing == Standing.Scheduled)
        {
            Consider(ref next, After(_now.AttemptScheduledAt, _terms.ScheduleToStart), DueKind.ScheduleToStart);
        }
        else
        {
            Consider(ref next, After(_now.StartedAt, _terms.StartToClose), DueKind.StartToClose);
            Consider(ref next, HeartbeatAt, DueKind.Heartbeat);
        }

        return next;
    }

    private static void Consider(ref (long At, DueKind Kind) next, long at, DueKind kind)
    {
        if (at != ActivityImage.Never && (next.Kind == DueKind.None || at < next.At))
        {
            next = (at, kind);
        }
    }

    private void Arm(bool attemptChanged)
    {
        var next = Next();
        if (attemptChanged || next != (_now.DueAt, _now.DueKind))
        {
            SetDue(next);
        }
    }

    private void SetDue((long At, DueKind Kind) next)
    {
        if (next.Kind != DueKind.None || _now.DueKind != DueKind.None)
        {
            _now.DueVersion++;
        }

        (_now.DueAt, _now.DueKind) = next;
    }

    /// <summary>When the next attempt comes; -1 when none may. The jitter is the engine's choice, within its bounds.</summary>
    private long RetryAt(long? chosen, long now, in ActivityImage seen)
    {
        var counted = _now.Attempt - _now.Released;
        if (_now.CancelRequested || counted >= _terms.MaximumAttempts)
        {
            return ActivityImage.Never;
        }

        var (shortest, longest) = chosen is { } delay
            ? (Math.Clamp(delay, 0, LongestChosenDelay), Math.Clamp(delay, 0, LongestChosenDelay))
            : _terms.WaitAfter(counted);
        var end = ScheduleToCloseAt == ActivityImage.Never ? long.MaxValue : ScheduleToCloseAt;
        var retries = seen.Standing == Standing.BackingOff;
        if (now + shortest >= end || (!retries && now + longest >= end))
        {
            return ActivityImage.Never;
        }

        if (!retries)
        {
            return now + longest;
        }

        if (seen.DueAt < now + shortest || seen.DueAt > now + longest || seen.DueAt >= end)
        {
            Broken = ("I5", $"the next attempt is at {seen.DueAt - now} ticks after the last one: allowed {shortest} to {longest}, before {end - now}");
        }

        return seen.DueAt;
    }
}
