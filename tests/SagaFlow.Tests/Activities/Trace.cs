using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Activities;

/// <summary>One decision with what it was decided from; <see cref="Event"/> is null for the scheduling itself.</summary>
internal sealed record TraceEntry(ActivityState Before, ActivityEvent? Event, DateTimeOffset Now, Decision Decision)
{
    public ActivityState After => Decision.State;

    public override string ToString() =>
        $"{Now:HH:mm:ss.fffffff} {Event?.ToString() ?? "scheduled"} -> {Decision.Disposition} {After.Status} "
        + $"attempt {After.Attempt} due {After.Due} [{string.Join(", ", Decision.Effects)}]";
}

/// <summary>What the core decided, step by step, when a scenario was played.</summary>
internal sealed class Trace
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<TraceEntry> _entries = [];

    private Trace(ActivityPolicy policy) => Policy = policy;

    public ActivityPolicy Policy { get; }

    public IReadOnlyList<TraceEntry> Entries => _entries;

    public DateTimeOffset ScheduledAt => Noon;

    public ActivityState Last => _entries[^1].After;

    public static Trace Play(Scenario scenario)
    {
        var trace = new Trace(scenario.Policy);
        var scheduled = ActivityLifecycle.Schedule(Rehearsal.Request(scenario.Policy), Noon);
        trace._entries.Add(new TraceEntry(scheduled.State, null, Noon, scheduled));
        foreach (var step in scenario.Steps)
        {
            trace.Play(step);
        }

        return trace;
    }

    public IEnumerable<(T Effect, TraceEntry Entry)> Effects<T>()
        where T : ActivityEffect =>
        from entry in _entries
        from effect in entry.Decision.Effects.OfType<T>()
        select (effect, entry);

    public override string ToString() => string.Join('\n', _entries);

    private void Play(Step step)
    {
        var before = Last;
        var now = Move(_entries[^1].Now, before.Due?.At, step.Jump);
        var @event = EventOf(step, before, now);
        _entries.Add(new TraceEntry(before, @event, now, ActivityLifecycle.Decide(before, @event, now, step.Dice)));
    }

    private static DateTimeOffset Move(DateTimeOffset now, DateTimeOffset? due, Jump jump)
    {
        var target = due ?? now + TimeSpan.FromSeconds(10);
        var moved = jump switch
        {
            Jump.OneTick => now + TimeSpan.FromTicks(1),
            Jump.HalfwayToDue => now + ((target - now) / 2),
            Jump.TickBeforeDue => target - TimeSpan.FromTicks(1),
            Jump.ToDue => target,
            Jump.TickAfterDue => target + TimeSpan.FromTicks(1),
            Jump.FarBeyondDue => target + TimeSpan.FromSeconds(45),
            _ => now,
        };
        return moved > now ? moved : now;
    }

    private static ActivityEvent EventOf(Step step, ActivityState state, DateTimeOffset now)
    {
        var attempt = step.Token switch
        {
            TokenOf.Activity => 0,
            TokenOf.EarlierAttempt => Math.Max(1, state.Attempt - 1),
            TokenOf.UnknownAttempt => state.Attempt + 1,
            _ => state.Attempt,
        };
        var hash = $"{step.Kind}-{step.Number % 2}";
        var checkpoint = step.Number is 0 ? null : $"{step.Number}";
        return step.Kind switch
        {
            StepKind.Started => new ActivityEvent.Started(attempt, hash, TimeSpan.FromSeconds(step.Number - 1)),
            StepKind.Heartbeat => new ActivityEvent.Heartbeat(attempt, hash, step.Number is 0 ? null : step.Number, checkpoint),
            StepKind.Completed => new ActivityEvent.Completed(attempt, hash, $"{step.Number}"),
            StepKind.Failed => new ActivityEvent.Failed(attempt, hash, Failure(step.Number), checkpoint),
            StepKind.FailedForGood => new ActivityEvent.Failed(attempt, hash, new ActivityFailure("Fatal", "No."), checkpoint),
            StepKind.CancelAcknowledged => new ActivityEvent.CancelAcknowledged(attempt, hash),
            StepKind.Released => new ActivityEvent.Released(attempt, hash, checkpoint),
            StepKind.Ring => Ring(state, older: 0),
            StepKind.OldRing => Ring(state, older: 1),
            StepKind.CancelWait => new ActivityEvent.CancelRequest("not needed", CancellationMode.Wait),
            StepKind.CancelTry => new ActivityEvent.CancelRequest("not needed", CancellationMode.Try),
            StepKind.CancelAbandon => new ActivityEvent.CancelRequest("not needed", CancellationMode.Abandon),
            StepKind.WorkflowEnded => new ActivityEvent.WorkflowEnded("ended", Canceled: step.Number % 2 is 0),
            _ => new ActivityEvent.Blackout(now - TimeSpan.FromSeconds(20 * step.Number), now, TimeSpan.FromSeconds(30)),
        };
    }

    private static ActivityFailure Failure(int number) => new("Busy", "Try later.", NextRetryDelay: number switch
    {
        1 => TimeSpan.FromSeconds(-1),
        2 => TimeSpan.FromSeconds(7),
        _ => null,
    });

    private static ActivityEvent.Ring Ring(ActivityState state, int older) =>
        new(state.Attempt, state.Due?.Kind ?? DeadlineKind.ScheduleToClose, state.DueVersion - older);
}
