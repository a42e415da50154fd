using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The one place where the engine's words become the oracle's: field by field, without a rule in it.</summary>
internal static class Translation
{
    public static ActivityImage Image(ActivityState state) => new()
    {
        Standing = (Standing)(int)state.Status,
        Attempt = state.Attempt,
        Released = state.ReleasedCount,
        ScheduledAt = Spans.At(state.ScheduledAt),
        AttemptScheduledAt = Spans.At(state.AttemptScheduledAt),
        StartedAt = At(state.StartedAt),
        LastHeartbeatAt = At(state.LastHeartbeatAt),
        Sequence = state.HeartbeatSequence,
        Checkpoint = state.Checkpoint,
        CancelRequested = state.CancelRequested,
        GraceUntil = At(state.GraceUntil),
        DueAt = At(state.Due?.At),
        DueKind = state.Due is { } due ? Kind(due.Kind) : DueKind.None,
        DueVersion = state.DueVersion,
        Result = state.Result,
        FailureType = state.Failure?.Type,
        TimeoutKind = Kind(state.TimeoutType),
        ClosedAt = At(state.ClosedAt),
    };

    public static Happening Happening(ActivityEvent @event) => @event switch
    {
        ActivityEvent.Started x => new(HappeningKind.Started) { Attempt = x.Attempt, Hash = x.AnswerHash, RunningFor = x.RunningFor.Ticks },
        ActivityEvent.Heartbeat x => new(HappeningKind.Heartbeat) { Attempt = x.Attempt, Sequence = x.Sequence, Checkpoint = x.Checkpoint },
        ActivityEvent.Completed x => new(HappeningKind.Completed) { Attempt = x.Attempt, Hash = x.AnswerHash, Result = x.Result },
        ActivityEvent.Failed x => Failed(x),
        ActivityEvent.CancelAcknowledged x => new(HappeningKind.CancelAcknowledged) { Attempt = x.Attempt, Hash = x.AnswerHash },
        ActivityEvent.Released x => new(HappeningKind.Released) { Attempt = x.Attempt, Hash = x.AnswerHash, Checkpoint = x.Checkpoint },
        ActivityEvent.Ring x => new(HappeningKind.Ring) { Attempt = x.Attempt, RingKind = Kind(x.Kind), RingVersion = x.Version },
        ActivityEvent.CancelRequest x => new(HappeningKind.CancelRequest)
        {
            Waits = x.Mode == CancellationMode.Wait,
            Tells = x.Mode != CancellationMode.Abandon,
        },
        ActivityEvent.WorkflowEnded x => new(HappeningKind.WorkflowEnded) { WorkflowCanceled = x.Canceled },
        ActivityEvent.Blackout x => new(HappeningKind.Blackout) { Since = Spans.At(x.Since), Until = Spans.At(x.Until), Grace = x.Grace.Ticks },
        _ => throw new InvalidOperationException($"The oracle knows no '{@event.GetType().Name}'."),
    };

    public static Fact Fact(ActivityEffect effect) => effect switch
    {
        ActivityEffect.RequestAttempt x => new(FactKind.AttemptRequested, x.Attempt),
        ActivityEffect.AttemptStarted x => Simulation.Oracle.Fact.Started(x.Attempt, Spans.At(x.At)),
        ActivityEffect.AttemptClosed x => Simulation.Oracle.Fact.Closed(x.Attempt, How(x.How), At(x.RetryAt)),
        ActivityEffect.HeartbeatTaken x => new(FactKind.HeartbeatTaken, x.Attempt),
        ActivityEffect.LateResultTaken x => new(FactKind.LateResultTaken, x.Attempt),
        ActivityEffect.PushCancel x => new(FactKind.CancelPushed, x.Attempt),
        ActivityEffect.CancelRequested => new(FactKind.CancelAsked, 0),
        ActivityEffect.DeadlineMoved => new(FactKind.DeadlineMoved, 0),
        ActivityEffect.ActivityEnded x => Simulation.Oracle.Fact.Ended((Standing)(int)x.Status),
        ActivityEffect.ClosedWithWorkflow => new(FactKind.EndedWithWorkflow, 0),
        _ => throw new InvalidOperationException($"The oracle knows no '{effect.GetType().Name}'."),
    };

    public static Closing How(AttemptEnd end) => (Closing)(int)end;

    public static DueKind Kind(TimeoutType? timeout) => timeout switch
    {
        TimeoutType.ScheduleToStart => DueKind.ScheduleToStart,
        TimeoutType.StartToClose => DueKind.StartToClose,
        TimeoutType.ScheduleToClose => DueKind.ScheduleToClose,
        TimeoutType.Heartbeat => DueKind.Heartbeat,
        _ => DueKind.None,
    };

    public static DueKind Kind(DeadlineKind kind) => kind switch
    {
        DeadlineKind.ScheduleToStart => DueKind.ScheduleToStart,
        DeadlineKind.StartToClose => DueKind.StartToClose,
        DeadlineKind.ScheduleToClose => DueKind.ScheduleToClose,
        DeadlineKind.Heartbeat => DueKind.Heartbeat,
        _ => DueKind.Backoff,
    };

    private static Happening Failed(ActivityEvent.Failed x) => new(HappeningKind.Failed)
    {
        Attempt = x.Attempt,
        Hash = x.AnswerHash,
        Checkpoint = x.Checkpoint,
        FailureType = x.Failure.Type,
        Retryable = x.Failure.Retryable,
        ChosenDelay = x.Failure.NextRetryDelay?.Ticks,
    };

    private static long At(DateTimeOffset? instant) => instant is { } at ? Spans.At(at) : ActivityImage.Never;
}
