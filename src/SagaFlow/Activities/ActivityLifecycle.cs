using System.Diagnostics;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Activities;

/// <summary>The life of one activity: scheduled, started, answered or timed out, tried again, closed.</summary>
/// <remarks>Pure: no I/O, no clock, no dice of its own, so that a simulator can run it a million times and the same
/// input always gives the same decision. Whoever calls it loads the state, and commits the new state with the effects
/// in one change set. The README beside this file draws the states.</remarks>
internal static class ActivityLifecycle
{
    /// <summary>Schedules an activity: its first attempt is handed out at once, unless the instant by which it must be over has passed.</summary>
    public static Decision Schedule(ScheduleRequest request, DateTimeOffset now)
    {
        var state = new ActivityState
        {
            WorkflowId = request.WorkflowId,
            Id = request.Id,
            Name = request.Name,
            GroupId = request.GroupId,
            EndsWith = request.EndsWith,
            TaskQueue = request.TaskQueue,
            Policy = request.Policy,
            Arguments = request.Arguments,
            Status = ActivityStatus.Scheduled,
            Attempt = 0,
            ScheduledAt = now,
            AttemptScheduledAt = now,
        };
        var step = new Transition(state, now, dice: 0);
        return request.Policy.ScheduleToClose <= TimeSpan.Zero
            ? step.End(ActivityStatus.TimedOut, TimeoutType.ScheduleToClose).Done()
            : step.OpenAttempt().Done();
    }

    /// <summary>Decides what one event means for an activity.</summary>
    /// <param name="state">The activity as it is stored.</param>
    /// <param name="event">What happened.</param>
    /// <param name="now">The instant of the decision, by the clock that decides about deadlines.</param>
    /// <param name="dice">Randomness in [0, 1) for the jitter of a retry.</param>
    /// <returns>The new state with its effects; the same instance and no effects when nothing changed.</returns>
    public static Decision Decide(ActivityState state, ActivityEvent @event, DateTimeOffset now, double dice)
    {
        var step = new Transition(state, now, dice);
        return @event switch
        {
            ActivityEvent.Answer answer when IsForOpenAttempt(state, answer) => OnAnswer(step, answer),
            ActivityEvent.Completed completed when IsForActivityBetweenAttempts(state, completed) => step.Complete(completed).Done(),
            ActivityEvent.Answer answer => LateAnswers.Decide(step, answer),
            ActivityEvent.Ring ring => OnRing(step, ring),
            ActivityEvent.CancelRequest request => Cancellation.Request(step, request),
            ActivityEvent.WorkflowEnded ended => Cancellation.WorkflowEnded(step, ended),
            ActivityEvent.Blackout blackout => BlackoutGrace.Apply(step, blackout),
            _ => throw new UnreachableException($"An activity knows no event '{@event.GetType().Name}'."),
        };
    }

    private static bool IsForOpenAttempt(ActivityState state, ActivityEvent.Answer answer)
    {
        if (Mutants.On(Mutant.ClosedAttemptAnswersAgain) && answer.Attempt == state.Attempt)
        {
            return true;
        }

        var open = state.Status is ActivityStatus.Scheduled or ActivityStatus.Started;
        var current = answer.Attempt is 0 || answer.Attempt == state.Attempt
            || (Mutants.On(Mutant.AttemptUnchecked) && answer.Attempt < state.Attempt);
        return open && current;
    }

    /// <summary>A token of activity scope outlives its attempts: work that was given up on may still bring the result.</summary>
    private static bool IsForActivityBetweenAttempts(ActivityState state, ActivityEvent.Answer answer) =>
        answer.Attempt is 0 && state.Status is ActivityStatus.BackingOff;

    /// <summary>The first outcome that is committed wins, also after its deadline, as long as the ring has not come.</summary>
    private static Decision OnAnswer(Transition step, ActivityEvent.Answer answer) => answer switch
    {
        { Meant: { } meant } when meant != step.State.Attempt => LateAnswers.OfAnotherAttempt(step, meant),
        ActivityEvent.Started started => OnStarted(step, started),
        ActivityEvent.Heartbeat heartbeat => HeartbeatAnswers.Take(step, heartbeat),
        ActivityEvent.Completed completed => step.InferStart().Complete(completed).Done(),
        ActivityEvent.Failed failed => OnFailed(step.InferStart().Keep(failed.Checkpoint), failed),
        ActivityEvent.CancelAcknowledged canceled => OnCancelAcknowledged(step.InferStart(), canceled),
        ActivityEvent.Released { ClaimId: { } claimId } when IsHeldByAnother(step.State, claimId) =>
            step.Unchanged(Disposition.DuplicateConflict, $"attempt {step.State.Attempt} was taken by another"),
        ActivityEvent.Released released => OnReleased(step.InferStart().Keep(released.Checkpoint), released),
        _ => throw new UnreachableException($"An attempt knows no answer '{answer.GetType().Name}'."),
    };

    private static bool IsHeldByAnother(ActivityState state, string claimId) =>
        state.Status is ActivityStatus.Started && state.ClaimId != claimId;

    private static Decision OnStarted(Transition step, ActivityEvent.Started started)
    {
        if (started.ClaimId is { } claimId)
        {
            return step.Claim(claimId, started.RunningFor);
        }

        return step.State.Status is ActivityStatus.Started
            ? step.Unchanged(Disposition.Duplicate)
            : step.Start(started.RunningFor, inferred: false).Done();
    }

    private static Decision OnFailed(Transition step, ActivityEvent.Failed failed)
    {
        var retryAt = RetryDecision.NextAttemptAt(step.State, failed.Failure, step.Now, step.Dice);
        step.State = step.State with { Failure = failed.Failure };
        step.CloseAttempt(AttemptEnd.Failed, failed.AnswerHash, failure: failed.Failure, retryAt: retryAt);
        return BackOffOrEnd(step, retryAt, ActivityStatus.Failed);
    }

    /// <summary>The holder says that it stopped. It is believed also when nobody asked: trying again would go against it.</summary>
    private static Decision OnCancelAcknowledged(Transition step, ActivityEvent.CancelAcknowledged canceled) =>
        step.CloseAttempt(AttemptEnd.Canceled, canceled.AnswerHash).End(ActivityStatus.Canceled).Done();

    /// <summary>A worker that shuts down hands the attempt back: the next is handed out at once and costs nothing.</summary>
    private static Decision OnReleased(Transition step, ActivityEvent.Released released)
    {
        var mayGoOn = !step.State.CancelRequested && !IsPast(Deadlines.ScheduleToClose(step.State), step.Now);
        step.CloseAttempt(AttemptEnd.Released, released.AnswerHash, retryAt: mayGoOn ? step.Now : null);
        step.State = step.State with { ReleasedCount = step.State.ReleasedCount + 1 };
        return mayGoOn
            ? step.OpenAttempt().Done()
            : step.EndUnfinished(ActivityStatus.TimedOut, TimeoutType.ScheduleToClose).Done();
    }

    private static Decision OnRing(Transition step, ActivityEvent.Ring ring)
    {
        if (step.State.Due is not { } due || !Names(ring, due, step.State.Attempt))
        {
            return step.Unchanged(Disposition.Ignored, "the ring is stale");
        }

        // A heartbeat does not move its deadline when it comes, so what is due now is computed afresh.
        var (at, kind) = Deadlines.Next(step.State) ?? (due.At, due.Kind);
        var isEarly = step.Now < at || (step.Now == at && Mutants.On(Mutant.DeadlineComparedWithGreater));
        if (isEarly && !Mutants.On(Mutant.FiresEarly))
        {
            return step.Rearm().Done(detail: "the deadline is not reached: armed again");
        }

        return kind switch
        {
            DeadlineKind.RetryBackoff => OnBackoffOver(step),
            DeadlineKind.ScheduleToStart => OnFinalTimeout(step, TimeoutType.ScheduleToStart),
            DeadlineKind.ScheduleToClose => OnFinalTimeout(step, TimeoutType.ScheduleToClose),
            DeadlineKind.StartToClose => OnAttemptTimeout(step, TimeoutType.StartToClose),
            DeadlineKind.Heartbeat => OnAttemptTimeout(step, TimeoutType.Heartbeat),
            _ => throw new UnreachableException($"No deadline is of the kind '{kind}'."),
        };
    }

    private static bool Names(ActivityEvent.Ring ring, Deadline due, int attempt) =>
        ring.Kind == due.Kind && ring.Attempt == attempt
        && (ring.Version == due.Version || Mutants.On(Mutant.DueVersionUnchecked));

    /// <summary>Schedule-to-close may have passed while the ring was on its way: then no attempt follows.</summary>
    private static Decision OnBackoffOver(Transition step) =>
        IsPast(Deadlines.ScheduleToClose(step.State), step.Now) && !Mutants.On(Mutant.OpensAfterScheduleToClose)
            ? OnFinalTimeout(step, TimeoutType.ScheduleToClose)
            : step.OpenAttempt().Done();

    private static Decision OnFinalTimeout(Transition step, TimeoutType timeout) =>
        step.CloseAttempt(AttemptEnd.TimedOut, timeout: timeout).EndUnfinished(ActivityStatus.TimedOut, timeout).Done();

    private static Decision OnAttemptTimeout(Transition step, TimeoutType timeout)
    {
        var retryAt = RetryDecision.NextAttemptAt(step.State, failure: null, step.Now, step.Dice);
        step.CloseAttempt(AttemptEnd.TimedOut, timeout: timeout, retryAt: retryAt);
        return BackOffOrEnd(step, retryAt, ActivityStatus.TimedOut, timeout);
    }

    private static Decision BackOffOrEnd(
        Transition step, DateTimeOffset? retryAt, ActivityStatus status, TimeoutType? timeout = null) =>
        retryAt is { } at ? step.BackOff(at).Done() : step.EndUnfinished(status, timeout).Done();

    private static bool IsPast(DateTimeOffset? deadline, DateTimeOffset now) => deadline <= now;
}
