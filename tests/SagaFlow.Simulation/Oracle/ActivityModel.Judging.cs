using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Oracle;

/// <content>Which rule holds.</content>
internal sealed partial class ActivityModel
{
    private (Disposition Told, Move Move) JudgeAnswer(in Happening what, long now)
    {
        if (_now.HasOpenAttempt && (what.Attempt == 0 || what.Attempt == _now.Attempt))
        {
            return JudgeCurrent(what, now);
        }

        if (what is { Attempt: 0, Kind: HappeningKind.Completed } && _now.Standing == Standing.BackingOff)
        {
            return (Disposition.Applied, Move.Complete);
        }

        if (what.Attempt > _now.Attempt)
        {
            return (Disposition.StaleAttempt, Move.None);
        }

        return what.Kind is HappeningKind.Started or HappeningKind.Heartbeat ? JudgeLateSign(what) : JudgeLateOutcome(what);
    }

    private (Disposition Told, Move Move) JudgeCurrent(in Happening what, long now) => what.Kind switch
    {
        HappeningKind.Started => _now.Standing == Standing.Started ? (Disposition.Duplicate, Move.None) : (Disposition.Applied, Move.Start),
        HappeningKind.Heartbeat => JudgeHeartbeat(what, now),
        HappeningKind.Completed => (Disposition.Applied, Move.Complete),
        HappeningKind.Failed => (Disposition.Applied, Move.Fail),
        HappeningKind.CancelAcknowledged => (Disposition.Applied, Move.Stop),
        _ => (Disposition.Applied, Move.Release),
    };

    private (Disposition Told, Move Move) JudgeHeartbeat(in Happening what, long now)
    {
        if (_now.Standing == Standing.Scheduled)
        {
            return (Disposition.Applied, Move.Beat);
        }

        if (_terms.Heartbeat == Terms.None)
        {
            return (Disposition.Ignored, Move.None);
        }

        if (what.Sequence is { } sequence && sequence == _now.Sequence)
        {
            return (Disposition.Duplicate, Move.None);
        }

        var isNews = now > _now.LastHeartbeatAt
            || (!IsOvertaken(what) && ((what.Checkpoint is { } point && point != _now.Checkpoint) || what.Sequence is not null));
        return isNews ? (Disposition.Applied, Move.Beat) : (Disposition.Duplicate, Move.None);
    }

    private bool IsOvertaken(in Happening what) => what.Sequence < _now.Sequence;

    private (Disposition Told, Move Move) JudgeLateSign(in Happening what)
    {
        if (what.Attempt == 0 && !_now.IsClosed)
        {
            return (Disposition.Ignored, Move.None);
        }

        return (what.Attempt != 0 && what.Attempt < _now.Attempt ? Disposition.StaleAttempt : Disposition.ActivityClosed, Move.None);
    }

    private (Disposition Told, Move Move) JudgeLateOutcome(in Happening what)
    {
        var ending = EndingOf(what);
        if (ending >= 0 && _endings[ending].Hash is { } hash)
        {
            return (hash == what.Hash ? Disposition.Duplicate : Disposition.DuplicateConflict, Move.None);
        }

        if (what.Kind == HappeningKind.Completed && ending >= 0 && CountsLate(ending))
        {
            return (Disposition.Applied, Move.TakeLateResult);
        }

        if (what.Attempt != 0 && what.Attempt < _now.Attempt)
        {
            return (Disposition.StaleAttempt, Move.None);
        }

        return (ending < 0 ? Disposition.ActivityClosed : Named(_endings[ending].How), Move.None);
    }

    private static Disposition Named(Closing how) => how switch
    {
        Closing.TimedOut => Disposition.TimedOut,
        Closing.Canceled => Disposition.Canceled,
        Closing.WorkflowClosed => Disposition.WorkflowClosed,
        _ => Disposition.ActivityClosed,
    };

    private bool CountsLate(int ending) =>
        !_now.IsClosed && _endings[ending].How == Closing.TimedOut
        && (_terms.Late == LateRule.Accept
            || (_terms.Late == LateRule.AcceptIfNotRedispatched && _endings[ending].Attempt == _now.Attempt));

    /// <summary>The ending that the answer's token means: its attempt's first one; of the whole activity, the one with the same words, else the last.</summary>
    private int EndingOf(in Happening what)
    {
        if (what.Attempt != 0)
        {
            for (var i = 0; i < _endings.Count; i++)
            {
                if (_endings[i].Attempt == what.Attempt)
                {
                    return i;
                }
            }

            return -1;
        }

        for (var i = _endings.Count - 1; i >= 0; i--)
        {
            if (_endings[i].Hash is { } hash && hash == what.Hash)
            {
                return i;
            }
        }

        return _endings.Count - 1;
    }

    private (Disposition Told, Move Move) JudgeRing(in Happening what, long now)
    {
        if (_now.DueKind == DueKind.None || what.RingKind != _now.DueKind || what.Attempt != _now.Attempt || what.RingVersion != _now.DueVersion)
        {
            return (Disposition.Ignored, Move.None);
        }

        return (Disposition.Applied, now < Next().At ? Move.Rearm : Move.Ring);
    }

    private (Disposition Told, Move Move) JudgeCancel(in Happening what)
    {
        if (_now.IsClosed)
        {
            return (Disposition.Ignored, Move.None);
        }

        if (!what.Waits || _now.Standing != Standing.Started)
        {
            return (Disposition.Applied, Move.StopNow);
        }

        return _now.CancelRequested ? (Disposition.Duplicate, Move.None) : (Disposition.Applied, Move.AskToStop);
    }

    private bool FallsInto(in Happening what)
    {
        if (_now.IsClosed)
        {
            return false;
        }

        return Between(what, ScheduleToCloseAt)
            || (_now.Standing == Standing.Scheduled && Between(what, After(_now.AttemptScheduledAt, _terms.ScheduleToStart)))
            || (_now.Standing == Standing.Started
                && (Between(what, After(_now.StartedAt, _terms.StartToClose)) || Between(what, HeartbeatAt)));
    }

    private static bool Between(in Happening what, long at) => at != ActivityImage.Never && at > what.Since && at <= what.Until;
}
