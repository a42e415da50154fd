using System.Runtime.InteropServices;
using SagaFlow.Activities;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The database: change sets whole or not at all, guarded by versions; groups counted by the commit; an outbox where engines share one.</summary>
internal sealed class Database(World world)
{
    public const int KeptMessages = 8;

    private const long OutboxPatience = 5 * Spans.Second;

    private readonly List<OutboxRow> _outbox = [];
    private bool _sweepPlanned;

    public bool IsOutboxEmpty => !_outbox.Exists(x => !x.IsDeleted);

    /// <summary>Commits a change set, and tells the oracle.</summary>
    public CommitResult Commit(Turn turn)
    {
        var workflow = turn.Workflow;
        if (turn.Inbox != 0 && !Receive(workflow, turn))
        {
            return CommitResult.Duplicate;
        }

        if (!VersionsMatch(turn) || (turn.JoinedGroup >= 0 && workflow.Groups[turn.JoinedGroup].Status != GroupStatus.Met))
        {
            if (!world.Has(ModelBug.InboxInAnotherTransaction))
            {
                workflow.Inbox.Remove(turn.Inbox);
            }

            return CommitResult.Conflict;
        }

        WriteWorkflow(turn);
        WriteActivities(turn);
        var isMet = Count(turn);
        world.Tally.Commits++;
        world.Oracle.Committed(turn.Journal);
        return isMet ? CommitResult.CommittedAndMet : CommitResult.Committed;
    }

    /// <summary>Stores outgoing messages until the broker has confirmed them.</summary>
    public OutboxRow Store(Message message)
    {
        var row = new OutboxRow(message, world.Now);
        _outbox.Add(row);
        return row;
    }

    /// <summary>Asks for a sweep of what was not sent or not confirmed.</summary>
    public void PlanOutboxSweep()
    {
        if (!_sweepPlanned && !world.Has(ModelBug.OutboxSweepOff))
        {
            _sweepPlanned = true;
            world.Schedule(world.Now + OutboxPatience, EventKind.OutboxSweep);
        }
    }

    public void SweepOutbox()
    {
        _sweepPlanned = false;
        _outbox.RemoveAll(x => x.IsDeleted);
        if (!world.Engines.IsAnyAlive)
        {
            // Whoever starts next sweeps again.
            return;
        }

        foreach (var row in CollectionsMarshal.AsSpan(_outbox))
        {
            if (row.SentAt + OutboxPatience <= world.Now)
            {
                world.Dispatching.Dispatch(row);
            }
        }

        if (_outbox.Exists(x => !x.IsDeleted))
        {
            PlanOutboxSweep();
        }
    }

    private bool Receive(WorkflowRow workflow, Turn turn) =>
        workflow.Inbox.Add(world.Has(ModelBug.InboxWithoutEndpoint) ? turn.Inbox & 0xFFFF : turn.Inbox);

    private bool VersionsMatch(Turn turn)
    {
        if (world.Has(ModelBug.VersionUnchecked))
        {
            return turn.Changes.TrueForAll(x => !x.IsNew || x.Row.Index >= turn.Workflow.Activities.Count);
        }

        if (turn.ProgramChanged && turn.WorkflowVersion != turn.Workflow.Version)
        {
            return false;
        }

        foreach (var change in turn.Changes)
        {
            if (change.Version != change.Row.Version)
            {
                return false;
            }
        }

        return true;
    }

    private void WriteWorkflow(Turn turn)
    {
        var workflow = turn.Workflow;
        if (turn.ProgramChanged)
        {
            var started = workflow.Version == 0;
            workflow.Program = turn.Program;
            turn.Journal.WorkflowVersion = ++workflow.Version;
            if (started && workflow.Definition.Timeout >= 0)
            {
                workflow.Deadline = turn.Now + workflow.Definition.Timeout;
            }
        }

        if (turn.Accepts is { } accepted)
        {
            workflow.Accepted[accepted.Id] = accepted.Content;
        }

        workflow.Groups.AddRange(turn.NewGroups);
        workflow.Timers.AddRange(turn.NewTimers);
        foreach (var number in turn.EndedTimers)
        {
            workflow.Timers.RemoveAll(x => x.Number == number);
        }

        if (!turn.Program.IsRunning && turn.ProgramChanged)
        {
            workflow.Timers.Clear();
            workflow.Deadline = ActivityImage.Never;
        }

        turn.Journal.Inbox = turn.Inbox;
    }

    private void WriteActivities(Turn turn)
    {
        foreach (var change in CollectionsMarshal.AsSpan(turn.Changes))
        {
            var row = change.Row;
            if (change.IsNew)
            {
                turn.Workflow.Activities.Add(row);
            }

            // A ring that is on its way stands for the deadline it was made for.
            if (change.State.DueVersion != row.State.DueVersion)
            {
                row.RingAfter = 0;
            }

            row.State = change.State;
            row.Version++;
            world.Tally.Races += row.TouchedAt >= 0 && world.Now - row.TouchedAt <= Spans.Millisecond ? 1 : 0;
            row.TouchedAt = world.Now;
        }

        foreach (ref var step in CollectionsMarshal.AsSpan(turn.Journal.Steps))
        {
            step.RowVersion = turn.Workflow.Activities[step.Activity].Version;
        }
    }

    // By the commit itself, so that no two closings lose one; answered once, because the group is not open for the next.
    private bool Count(Turn turn)
    {
        var met = false;
        foreach (var (number, completed, failed) in turn.Closings)
        {
            var group = turn.Workflow.Groups[number];
            if (turn.JoinedGroup == number || group.Status != GroupStatus.Open)
            {
                continue;
            }

            group.Open -= completed + failed;
            group.Failed += failed;
            if (world.Has(ModelBug.JoinCountedTwice))
            {
                group.Open -= completed;
            }

            if (group.Members - group.Open - group.Failed >= group.Needed || group.Failed > group.FailuresAllowed || group.Open <= 0)
            {
                group.Status = GroupStatus.Met;
                met = true;
            }
        }

        if (turn.JoinedGroup >= 0 && !world.Has(ModelBug.JoinNotRemembered))
        {
            turn.Workflow.Groups[turn.JoinedGroup].Status = GroupStatus.Joined;
        }

        if (turn.AbandonsGroups)
        {
            turn.Workflow.Groups.ForEach(x => x.Status = x.Status == GroupStatus.Joined ? x.Status : GroupStatus.Abandoned);
        }

        return met;
    }
}
