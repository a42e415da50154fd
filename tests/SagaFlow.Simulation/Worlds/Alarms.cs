using SagaFlow.Activities;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The alarm clock: a ring at the instant of each deadline, unless a fault makes it early, late, twice or never; and a sweep that
/// rings what is due and does not ring yet.</summary>
internal sealed class Alarms(World world)
{
    private const long RingAgain = 5 * Spans.Second;
    private const long SweepInterval = Spans.Second;
    private const long MostEarly = 50 * Spans.Millisecond;
    private const long MostLate = 10 * Spans.Minute;

    private int _generation;
    private long _nextSweep = long.MaxValue;

    /// <summary>Arms what a commit has left to ring.</summary>
    public void Arm(Turn turn)
    {
        foreach (var change in turn.Changes)
        {
            if (change.Row.State.Due is { } due)
            {
                Arm(RingOf(change.Row, due), Spans.At(due.At));
            }
        }

        if (turn.Program.IsRunning)
        {
            foreach (var timer in turn.NewTimers)
            {
                Arm(RingOf(turn.Workflow, timer), timer.DueAt);
            }

            if (turn.WorkflowVersion == 0 && turn.Workflow.Deadline != ActivityImage.Never)
            {
                Arm(new Message(MessageKind.WorkflowRing, turn.Workflow), turn.Workflow.Deadline);
            }
        }
    }

    /// <summary>An alarm goes off. A sound one rings only what is still due; one that a fault has moved rings whatever it was made for.</summary>
    public void Fire(Message ring, int generation)
    {
        var isFaulty = generation < 0;
        if ((!isFaulty && generation != _generation) || !world.Engines.IsAnyAlive)
        {
            return;
        }

        var row = ring.Kind == MessageKind.Ring ? ring.Workflow.Activities[ring.Activity] : null;
        if (row is null || isFaulty)
        {
            Ring(ring);
        }
        else if (row.State.Due is { } due && due.Version == ring.Version && row.RingAfter <= world.Now)
        {
            row.RingAfter = world.Now + RingAgain;
            Ring(ring);
        }
    }

    /// <summary>The alarm store forgets everything; only the sweep knows what is due.</summary>
    public void Wipe() => _generation++;

    public void Heal() => Resume();

    /// <summary>An engine is there again: it sweeps at once.</summary>
    public void Resume() => PlanSweep(world.Now);

    public void Sweep(long plannedFor)
    {
        if (plannedFor != _nextSweep)
        {
            return;
        }

        _nextSweep = long.MaxValue;
        if (!world.Engines.IsAnyAlive || world.Has(ModelBug.SweeperOff))
        {
            return;
        }

        var next = long.MaxValue;
        foreach (var workflow in world.Workflows)
        {
            if (workflow.Program.IsRunning)
            {
                next = Math.Min(next, Sweep(workflow));
            }
        }

        if (next != long.MaxValue)
        {
            PlanSweep(next + SweepInterval);
        }
    }

    private void Arm(Message ring, long at)
    {
        PlanSweep(Math.Max(at, world.Now) + SweepInterval);
        var workflow = ring.Workflow;
        if (world.Happens(Fault.RingNever, workflow))
        {
            return;
        }

        if (world.Happens(Fault.RingEarly, workflow))
        {
            Set(ring, at - workflow.Rng.LogUniform(1, MostEarly), -1);
        }
        else if (world.Happens(Fault.RingLate, workflow))
        {
            Set(ring, at + workflow.Rng.LogUniform(1, MostLate), -1);
        }
        else
        {
            Set(ring, at, _generation);
        }

        if (world.Happens(Fault.RingTwice, workflow))
        {
            Set(ring, at + workflow.Rng.LogUniform(1, Spans.Minute), -1);
        }
    }

    private void Set(Message ring, long at, int generation) => world.Schedule(at, EventKind.Alarm, generation, ring, ring.Workflow);

    private void PlanSweep(long at)
    {
        // The clock may have jumped over the instant.
        at = Math.Max(at, world.Now);
        if (at < _nextSweep)
        {
            _nextSweep = at;
            world.Schedule(at, EventKind.Sweep);
        }
    }

    /// <summary>Rings what is due of one workflow; the earliest instant at which something else is.</summary>
    private long Sweep(WorkflowRow workflow)
    {
        var next = long.MaxValue;
        foreach (var row in workflow.Activities)
        {
            if (row.State.Due is { } due)
            {
                row.RingAfter = Look(Spans.At(due.At), row.RingAfter, row, due, null, workflow, ref next);
            }
        }

        foreach (var timer in workflow.Timers)
        {
            timer.RingAfter = Look(timer.DueAt, timer.RingAfter, null, null, timer, workflow, ref next);
        }

        if (workflow.Deadline != ActivityImage.Never)
        {
            workflow.RingAfter = Look(workflow.Deadline, workflow.RingAfter, null, null, null, workflow, ref next);
        }

        return next;
    }

    private long Look(
        long due, long ringAfter, ActivityRow? row, Deadline? deadline, TimerRow? timer, WorkflowRow workflow, ref long next)
    {
        if (due <= world.Now && ringAfter <= world.Now)
        {
            Ring(row is not null ? RingOf(row, deadline!) : timer is not null ? RingOf(workflow, timer) : new Message(MessageKind.WorkflowRing, workflow));
            ringAfter = world.Now + RingAgain;
        }

        next = Math.Min(next, Math.Max(due, ringAfter));
        return ringAfter;
    }

    private void Ring(Message ring) => world.Broker.Send(ring);

    private static Message RingOf(ActivityRow row, Deadline due) => new(MessageKind.Ring, row.Workflow)
    {
        Activity = row.Index,
        Attempt = row.State.Attempt,
        RingKind = due.Kind,
        Version = due.Version,
    };

    private static Message RingOf(WorkflowRow workflow, TimerRow timer) =>
        new(MessageKind.TimerRing, workflow) { Number = timer.Number, Version = timer.Version };
}
