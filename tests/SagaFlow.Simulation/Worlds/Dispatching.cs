using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Worlds;

/// <summary>How what was decided leaves an engine: stored first where engines share an outbox, and sent until the broker has confirmed it.</summary>
internal sealed class Dispatching(World world)
{
    /// <summary>A group whose condition the commit has met is joined.</summary>
    public static void AddJoins(Turn turn)
    {
        foreach (var (group, _, _) in turn.Closings)
        {
            if (turn.Workflow.Groups[group].Status == GroupStatus.Met)
            {
                turn.Outgoing.Add(new Message(MessageKind.Join, turn.Workflow) { Number = group });
            }
        }
    }

    /// <summary>Sends what a turn has decided; the engine may die between two messages.</summary>
    public void Send(Turn turn, List<OutboxRow>? stored)
    {
        for (var i = 0; i < turn.Outgoing.Count; i++)
        {
            if (stored is null)
            {
                DispatchDerived(turn.Outgoing[i]);
            }
            else
            {
                Dispatch(stored[i]);
            }

            if (world.Happens(i == 0 ? Fault.CrashPublished : Fault.CrashConfirmed, turn.Workflow))
            {
                world.Engines.Crash(turn.Engine);
                return;
            }
        }

        if (stored is not null && stored.Exists(x => !x.IsDeleted))
        {
            world.Database.PlanOutboxSweep();
        }
    }

    /// <summary>Sends a stored message, and deletes it once the broker has confirmed it.</summary>
    public void Dispatch(OutboxRow row)
    {
        var message = row.Message;
        row.SentAt = world.Now;
        if (world.Has(ModelBug.DeletedBeforeConfirm))
        {
            row.IsDeleted = true;
        }

        if (world.Happens(Fault.Nack, message.Workflow))
        {
            return;
        }

        Publish(message);
        row.IsDeleted |= !world.Happens(Fault.ConfirmLost, message.Workflow);
    }

    /// <summary>Sends a message that is made again from its rows after a crash.</summary>
    public void DispatchDerived(Message message)
    {
        if (world.Happens(Fault.Nack, message.Workflow))
        {
            Publish(message, Spans.Second);
            return;
        }

        Publish(message);
        if (world.Happens(Fault.ConfirmLost, message.Workflow))
        {
            Publish(message);
        }
    }

    public void Publish(Message message, long after = 0)
    {
        if (message.Kind == MessageKind.Request)
        {
            world.Oracle.Requested(message.Workflow.Index, message.Activity, message.Attempt, world.Now);
            if (world.Oracle.Broken is not null)
            {
                return;
            }

            message = Workers.WithToken(message);
        }

        world.Broker.SendAt(message, world.Now + after);
    }
}
