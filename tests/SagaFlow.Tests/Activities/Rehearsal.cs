using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Activities;

/// <summary>One activity under test with its own clock: each verb decides one event and keeps the new state.</summary>
internal sealed class Rehearsal
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    public Rehearsal(ActivityPolicy policy)
    {
        Decision = ActivityLifecycle.Schedule(Request(policy), Noon);
        State = Decision.State;
    }

    public ActivityState State { get; private set; }

    public Decision Decision { get; private set; }

    public DateTimeOffset Now { get; private set; } = Noon;

    /// <summary>The jitter's randomness; 0.5 means none.</summary>
    public double Dice { get; init; } = 0.5;

    public Disposition Disposition => Decision.Disposition;

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static DateTimeOffset After(double seconds) => Noon + Seconds(seconds);

    public static ScheduleRequest Request(ActivityPolicy policy) => new()
    {
        WorkflowId = new Guid("5b2f6a40-7c0e-5d58-9a3c-0f6f3c1f9a11"),
        Id = "Transmit-1",
        Name = "Transmit",
        TaskQueue = "edi",
        Policy = policy,
        Arguments = "{}",
    };

    /// <summary>Moves the clock to so many seconds after the scheduling.</summary>
    public Rehearsal At(double seconds) => At(After(seconds));

    public Rehearsal At(DateTimeOffset now)
    {
        Now = now;
        return this;
    }

    public Rehearsal AtDue(TimeSpan offset = default) => At(State.Due!.At + offset);

    public Rehearsal Started(int? attempt = null, TimeSpan runningFor = default) =>
        Decide(new ActivityEvent.Started(attempt ?? State.Attempt, "started", runningFor));

    public Rehearsal Heartbeat(int? attempt = null, long? sequence = null, string? checkpoint = null) =>
        Decide(new ActivityEvent.Heartbeat(attempt ?? State.Attempt, "heartbeat", sequence, checkpoint));

    public Rehearsal Completed(int? attempt = null, string result = "1") =>
        Decide(new ActivityEvent.Completed(attempt ?? State.Attempt, $"completed {result}", result));

    public Rehearsal Failed(int? attempt = null, ActivityFailure? failure = null, string? checkpoint = null) =>
        Decide(new ActivityEvent.Failed(attempt ?? State.Attempt, $"failed {failure}", failure ?? Busy, checkpoint));

    public Rehearsal Released(int? attempt = null, string? checkpoint = null) =>
        Decide(new ActivityEvent.Released(attempt ?? State.Attempt, "released", checkpoint));

    public Rehearsal CancelAcknowledged(int? attempt = null) =>
        Decide(new ActivityEvent.CancelAcknowledged(attempt ?? State.Attempt, "canceled"));

    public Rehearsal Cancel(CancellationMode mode) => Decide(new ActivityEvent.CancelRequest("not needed", mode));

    public Rehearsal WorkflowEnded(bool canceled = false) => Decide(new ActivityEvent.WorkflowEnded("ended", canceled));

    /// <summary>Rings the deadline that is armed, at the time it is now.</summary>
    public Rehearsal Ring() => Decide(new ActivityEvent.Ring(State.Attempt, State.Due!.Kind, State.Due.Version));

    /// <summary>Moves the clock to the deadline that is armed and rings it.</summary>
    public Rehearsal RingWhenDue() => AtDue().Ring();

    public Rehearsal Decide(ActivityEvent @event)
    {
        Decision = ActivityLifecycle.Decide(State, @event, Now, Dice);
        State = Decision.State;
        return this;
    }

    public static ActivityFailure Busy { get; } = new("Busy", "The line is busy.");
}
