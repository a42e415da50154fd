using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Activities;

/// <summary>One decision in the making: the state and the effects so far.</summary>
/// <remarks>Its verbs are the only ones that change an activity; <see cref="Done"/> then sets the next deadline,
/// so no rule can forget it.</remarks>
internal sealed class Transition(ActivityState before, DateTimeOffset now, double dice)
{
    /// <summary>Late answers are told why they are too late for this many endings; before that, only that they are stale.</summary>
    private const int ClosedAttemptsKept = 16;

    private readonly ActivityState _before = before;
    private readonly List<ActivityEffect> _effects = [];
    private bool _keepsDue;

    public ActivityState State { get; set; } = before;

    public DateTimeOffset Now { get; } = now;

    public double Dice { get; } = dice;

    public bool HasOpenAttempt => State.Status is ActivityStatus.Scheduled or ActivityStatus.Started;

    /// <summary>Hands out the next attempt. Only the checkpoint survives of the one before.</summary>
    public Transition OpenAttempt()
    {
        State = State with
        {
            Status = ActivityStatus.Scheduled,
            Attempt = State.Attempt + (Mutants.On(Mutant.SkipsAttemptNumber) ? 2 : 1),
            AttemptScheduledAt = Now,
            StartedAt = null,
            ClaimId = null,
            LastHeartbeatAt = null,
            HeartbeatSequence = null,
        };
        return With(new ActivityEffect.RequestAttempt(State.Attempt));
    }

    /// <summary>The attempt began so long ago, but not before it was handed out: foreign clocks are not believed further.</summary>
    public Transition Start(TimeSpan runningFor, bool inferred)
    {
        var longest = Now - State.AttemptScheduledAt;
        var startedAt = runningFor >= longest ? State.AttemptScheduledAt : runningFor > TimeSpan.Zero ? Now - runningFor : Now;
        State = State with { Status = ActivityStatus.Started, StartedAt = startedAt };
        return With(new ActivityEffect.AttemptStarted(State.Attempt, startedAt, inferred));
    }

    /// <summary>Grants the attempt to the first who claims it. One that was started without a claim is taken: somebody runs it.</summary>
    public Decision Claim(string claimId, TimeSpan runningFor)
    {
        if (State.ClaimId == claimId)
        {
            return Unchanged(Disposition.Duplicate);
        }

        if (State.Status is ActivityStatus.Started)
        {
            return Unchanged(Disposition.DuplicateConflict, $"attempt {State.Attempt} was taken by another");
        }

        State = State with { ClaimId = claimId };
        return Start(runningFor, inferred: false).Done();
    }

    /// <summary>An answer that overtakes <c>started</c>, or comes without it, shows that the attempt began.</summary>
    public Transition InferStart() =>
        State.Status is ActivityStatus.Scheduled ? Start(TimeSpan.Zero, inferred: true) : this;

    public Transition Keep(string? checkpoint)
    {
        State = State with { Checkpoint = checkpoint ?? State.Checkpoint };
        return this;
    }

    /// <summary>Notes how the open attempt ended. Between two attempts there is none to close: only the ending is noted.</summary>
    public Transition CloseAttempt(
        AttemptEnd how, string? answerHash = null, TimeoutType? timeout = null, ActivityFailure? failure = null, DateTimeOffset? retryAt = null)
    {
        var ended = new ClosedAttempt(State.Attempt, how, answerHash, Now);
        var closes = HasOpenAttempt || Mutants.On(Mutant.AttemptClosesTwice);
        State = State with { ClosedAttempts = [.. State.ClosedAttempts.TakeLast(ClosedAttemptsKept - 1), ended] };
        return closes ? With(new ActivityEffect.AttemptClosed(State.Attempt, how, timeout, failure, retryAt)) : this;
    }

    public Transition Complete(ActivityEvent.Completed completed)
    {
        CloseAttempt(AttemptEnd.Completed, completed.AnswerHash);
        State = State with { Result = completed.Result, Failure = null };
        return End(ActivityStatus.Completed);
    }

    public Transition BackOff(DateTimeOffset retryAt)
    {
        var due = new Deadline(retryAt, DeadlineKind.RetryBackoff, State.DueVersion + 1);
        State = State with { Status = ActivityStatus.BackingOff, Due = due, DueVersion = due.Version };
        return this;
    }

    /// <summary>Closes the activity without a result: as canceled when the workflow had asked it to stop, whatever came instead.</summary>
    public Transition EndUnfinished(ActivityStatus status, TimeoutType? timeout) =>
        State.CancelRequested && !Mutants.On(Mutant.CancelRequestForgotten) ? End(ActivityStatus.Canceled) : End(status, timeout);

    public Transition End(ActivityStatus status, TimeoutType? timeout = null, bool tellWorkflow = true)
    {
        State = State with { Status = status, TimeoutType = timeout, ClosedAt = Now, CancelRequested = false };
        return With(tellWorkflow ? new ActivityEffect.ActivityEnded(status) : new ActivityEffect.ClosedWithWorkflow(State.Attempt));
    }

    /// <summary>Leaves the deadline where it is although a later one would do: what makes a heartbeat cheap.</summary>
    public Transition KeepDue()
    {
        _keepsDue = true;
        return this;
    }

    /// <summary>Sets the deadline anew, under a new version, so that the alarm comes again.</summary>
    public Transition Rearm()
    {
        State = Deadlines.Renew(State);
        return KeepDue();
    }

    public Transition With(ActivityEffect effect)
    {
        _effects.Add(effect);
        return this;
    }

    /// <summary>Ends the decision with its deadline set. One that changed nothing after all leaves no trace.</summary>
    public Decision Done(string? detail = null)
    {
        var after = _keepsDue ? State : Deadlines.Arm(_before, State);
        return after == _before
            ? Unchanged(Disposition.Duplicate, detail)
            : new Decision(after, _effects, Disposition.Applied, detail, after.CancelRequested);
    }

    public Decision Unchanged(Disposition disposition, string? detail = null, bool? cancelRequested = null)
    {
        var state = Mutants.On(Mutant.CopiesUnchangedState) ? _before with { } : _before;
        return new Decision(state, [], disposition, detail, cancelRequested ?? _before.CancelRequested);
    }
}
