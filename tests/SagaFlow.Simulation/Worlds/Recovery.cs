using SagaFlow.Activities;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Worlds;

/// <summary>What an engine does at its start when none was alive: a grace for what passed meanwhile, and the messages that a crash swallowed.</summary>
internal sealed class Recovery(World world)
{
    private const long ShortestBlackout = 15 * Spans.Second;
    private const long Grace = 30 * Spans.Second;

    public void Run(long lastAlive)
    {
        if (world.Now - lastAlive > ShortestBlackout)
        {
            if (!world.Has(ModelBug.NoGraceAfterBlackout))
            {
                MoveMissedDeadlines(lastAlive);
            }

            world.Oracle.BlackoutOver(lastAlive, world.Now, world.Now);
        }

        if (world.Engines.IsEmbedded)
        {
            DispatchAgain();
        }
    }

    private void MoveMissedDeadlines(long lastAlive)
    {
        var blackout = new ActivityEvent.Blackout(Spans.Instant(lastAlive), Spans.Instant(world.Now), TimeSpan.FromTicks(Grace));
        foreach (var workflow in world.Workflows)
        {
            if (!workflow.Program.IsRunning)
            {
                continue;
            }

            foreach (var row in workflow.Activities)
            {
                if (row.State.Due is { } due && Spans.At(due.At) <= world.Now)
                {
                    world.Turns.RunCalmly(new Message(MessageKind.Ring, workflow) { Activity = row.Index }, turn => Apply(turn, row, blackout));
                }
            }

            foreach (var timer in workflow.Timers)
            {
                timer.RingAfter = timer.DueAt > lastAlive && timer.DueAt <= world.Now ? world.Now + Grace : timer.RingAfter;
            }

            workflow.RingAfter = workflow.Deadline >= 0 && workflow.Deadline <= world.Now ? world.Now + Grace : workflow.RingAfter;
        }
    }

    private void Apply(Turn turn, ActivityRow row, ActivityEvent blackout)
    {
        if (!turn.Decide(row, blackout, out var decision))
        {
            world.Oracle.Judged(turn.Workflow.Index, row.Index, Translation.Happening(blackout), turn.Now, decision.Disposition);
        }
    }

    private void DispatchAgain()
    {
        foreach (var workflow in world.Workflows)
        {
            foreach (var row in workflow.Activities)
            {
                if (row.State.Status == ActivityStatus.Scheduled && !world.Has(ModelBug.NothingDispatchedAgain))
                {
                    world.Dispatching.DispatchDerived(new Message(MessageKind.Request, workflow) { Activity = row.Index, Attempt = row.State.Attempt });
                }
            }

            foreach (var group in workflow.Groups)
            {
                if (group.Status == GroupStatus.Met && !world.Has(ModelBug.JoinNotMadeAgain))
                {
                    world.Dispatching.DispatchDerived(new Message(MessageKind.Join, workflow) { Number = group.Number });
                }
            }
        }
    }
}
