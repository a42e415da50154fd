namespace SagaFlow.Simulation.Oracle;

/// <content>What each move does.</content>
internal sealed partial class ActivityModel
{
    private const long LongestChosenDelay = 365L * TimeSpan.TicksPerDay;

    private void Open(long now, List<Fact> facts)
    {
        _now.Standing = Standing.Scheduled;
        _now.Attempt++;
        _now.AttemptScheduledAt = now;
        _now.StartedAt = _now.LastHeartbeatAt = ActivityImage.Never;
        _now.Sequence = null;
        facts.Add(Fact.Requested(_now.Attempt));
    }

    private void Start(long runningFor, long now, List<Fact> facts)
    {
        _now.Standing = Standing.Started;
        _now.StartedAt = Math.Max(_now.AttemptScheduledAt, now - Math.Max(0, Math.Min(runningFor, now)));
        facts.Add(Fact.Started(_now.Attempt, _now.StartedAt));
    }

    private void InferStart(long now, List<Fact> facts)
    {
        if (_now.Standing == Standing.Scheduled)
        {
            Start(0, now, facts);
        }
    }

    private bool Beat(in Happening what, long now, List<Fact> facts)
    {
        var isFirst = _now.Standing == Standing.Scheduled;
        InferStart(now, facts);
        if (_terms.Heartbeat == Terms.None)
        {
            return false;
        }

        _now.LastHeartbeatAt = Math.Max(_now.LastHeartbeatAt, now);
        if (!IsOvertaken(what))
        {
            _now.Checkpoint = what.Checkpoint ?? _now.Checkpoint;
            _now.Sequence = what.Sequence ?? _now.Sequence;
            facts.Add(new Fact(FactKind.HeartbeatTaken, _now.Attempt));
        }

        return !isFirst;
    }

    private void TakeResult(in Happening what, long now, List<Fact> facts)
    {
        _now.Result = what.Result;
        _now.FailureType = null;
        End(Standing.Completed, now, facts);
    }

    private void TakeLateResult(in Happening what, long now, List<Fact> facts)
    {
        var ending = EndingOf(what);
        var late = _endings[ending].Attempt;
        if (_now.HasOpenAttempt)
        {
            facts.Add(new Fact(FactKind.CancelPushed, _now.Attempt));
            Close(Closing.Canceled, facts);
            ending = EndingOf(what);
        }

        if (ending >= 0 && _endings[ending].Attempt == late)
        {
            _endings[ending] = (late, Closing.Completed, what.Hash);
        }

        facts.Add(new Fact(FactKind.LateResultTaken, late));
        TakeResult(what, now, facts);
    }

    private void Fail(in Happening what, long now, in ActivityImage seen, List<Fact> facts)
    {
        InferStart(now, facts);
        _now.Checkpoint = what.Checkpoint ?? _now.Checkpoint;
        var isFinal = !what.Retryable || _terms.FinalTypes.Contains(what.FailureType!, StringComparer.Ordinal);
        var retryAt = isFinal ? ActivityImage.Never : RetryAt(what.ChosenDelay, now, seen);
        _now.FailureType = what.FailureType;
        CloseForRetry(Closing.Failed, what.Hash, retryAt, facts);
        BackOffOrEnd(retryAt, Standing.Failed, DueKind.None, now, facts);
    }

    private void Release(in Happening what, long now, List<Fact> facts)
    {
        InferStart(now, facts);
        _now.Checkpoint = what.Checkpoint ?? _now.Checkpoint;
        var isOver = ScheduleToCloseAt != ActivityImage.Never && ScheduleToCloseAt <= now;
        var goesOn = !_now.CancelRequested && !isOver;
        CloseForRetry(Closing.Released, what.Hash, goesOn ? now : ActivityImage.Never, facts);
        _now.Released++;
        if (goesOn)
        {
            Open(now, facts);
        }
        else
        {
            EndUnfinished(Standing.TimedOut, DueKind.ScheduleToClose, now, facts);
        }
    }

    private void Ring(long now, in ActivityImage seen, List<Fact> facts)
    {
        var kind = Next().Kind;
        if (kind == DueKind.Backoff && !(ScheduleToCloseAt != ActivityImage.Never && ScheduleToCloseAt <= now))
        {
            Open(now, facts);
            return;
        }

        if (kind is DueKind.StartToClose or DueKind.Heartbeat)
        {
            var retryAt = RetryAt(null, now, seen);
            CloseForRetry(Closing.TimedOut, null, retryAt, facts);
            BackOffOrEnd(retryAt, Standing.TimedOut, kind, now, facts);
            return;
        }

        Close(Closing.TimedOut, facts);
        EndUnfinished(Standing.TimedOut, kind == DueKind.Backoff ? DueKind.ScheduleToClose : kind, now, facts);
    }

    private void Cancel(Move move, in Happening what, long now, List<Fact> facts)
    {
        facts.Add(new Fact(FactKind.CancelAsked, 0));
        Push(what.Tells, facts);
        _now.CancelRequested = true;
        if (move == Move.StopNow)
        {
            Close(Closing.Canceled, facts);
            End(Standing.Canceled, now, facts);
        }
    }

    private void EndWithWorkflow(in Happening what, long now, List<Fact> facts)
    {
        Push(true, facts);
        Close(what.WorkflowCanceled ? Closing.Canceled : Closing.WorkflowClosed, facts);
        Settle(Standing.Canceled, now, DueKind.None);
        facts.Add(new Fact(FactKind.EndedWithWorkflow, 0));
    }

    private void Push(bool tells, List<Fact> facts)
    {
        if (tells && _now.HasOpenAttempt)
        {
            facts.Add(new Fact(FactKind.CancelPushed, _now.Attempt));
        }
    }

    private void Close(Closing how, List<Fact> facts, string? hash = null) => CloseForRetry(how, hash, ActivityImage.Never, facts);

    private void CloseForRetry(Closing how, string? hash, long retryAt, List<Fact> facts)
    {
        if (_endings.Count == EndingsRemembered)
        {
            _endings.RemoveAt(0);
        }

        _endings.Add((_now.Attempt, how, hash));
        if (_now.HasOpenAttempt)
        {
            facts.Add(Fact.Closed(_now.Attempt, how, retryAt));
        }
    }

    private void BackOffOrEnd(long retryAt, Standing standing, DueKind timeout, long now, List<Fact> facts)
    {
        if (retryAt == ActivityImage.Never)
        {
            EndUnfinished(standing, timeout, now, facts);
            return;
        }

        _now.Standing = Standing.BackingOff;
        SetDue((retryAt, DueKind.Backoff));
    }

    private void EndUnfinished(Standing standing, DueKind timeout, long now, List<Fact> facts) =>
        End(_now.CancelRequested ? Standing.Canceled : standing, now, facts, _now.CancelRequested ? DueKind.None : timeout);

    private void End(Standing standing, long now, List<Fact> facts, DueKind timeout = DueKind.None)
    {
        Settle(standing, now, timeout);
        facts.Add(Fact.Ended(standing));
    }

    private void Settle(Standing standing, long now, DueKind timeout)
    {
        _now.Standing = standing;
        _now.TimeoutKind = timeout;
        _now.ClosedAt = now;
        _now.CancelRequested = false;
    }
}
