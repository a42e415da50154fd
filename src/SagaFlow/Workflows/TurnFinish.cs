using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Joins;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>The second half of every turn that ran a state machine.</summary>
internal static class TurnFinish
{
    /// <summary>Raises what became ready while the turn ran: ended activities first, then kept messages that the new state handles. Then closes
    /// what a workflow leaves behind that has ended.</summary>
    public static async Task RunAsync(TurnContext context, WorkflowDefinition definition, EngineLimits limits)
    {
        var turn = context.Turn;
        if (turn.Runs.IsAwaited)
        {
            return;
        }

        turn.Migrate(definition.Machine);
        for (var raised = 0; raised < limits.RaisesPerTurn && turn.Workflow!.Status == WorkflowStatus.Running; raised++)
        {
            if (turn.Activities.WantsCancel)
            {
                await context.LoadOpenActivitiesAsync();
                turn.Activities.CancelWanted();
            }
            else if (turn.TryTakeEnded())
            {
                await TiedActivities.EndAsync(context);
                if (!turn.Waits.Absorbs(definition.Machine))
                {
                    await definition.RaiseEndedAsync(turn);
                }
            }
            else if (await WaitConditions.TryMeetAsync(context, definition.Machine))
            {
                continue;
            }
            else if (turn.Messages.TakeKept(x => definition.Machine.Handles(turn.Workflow.State, x)) is { } kept)
            {
                await RaiseKeptAsync(turn, definition, kept);
            }
            else
            {
                return;
            }
        }

        if (turn.Workflow!.Status == WorkflowStatus.Running)
        {
            turn.End(WorkflowStatus.Failed, ActivityFailure.NonRetryable(
                "NeverRests", $"One message raised {limits.RaisesPerTurn} events one after the other, and there are more: the workflow goes round in circles."));
        }

        await context.LoadOpenActivitiesAsync();
        if (!turn.Runs.TryRetry(definition))
        {
            turn.CloseOpenActivities();
            turn.Messages.DropKept(_ => true);
        }
    }

    // A message of an event that this code does not know stays: a newer release may know it, which runs beside this one or comes back.
    private static Task RaiseKeptAsync(WorkflowTurn turn, WorkflowDefinition definition, KeptMessage kept)
    {
        if (definition.ProblemOf(kept.EventName, kept.Body) is { } problem)
        {
            turn.Messages.Drop(kept, problem);
            return Task.CompletedTask;
        }

        turn.Messages.Resume(kept);
        return definition.RaiseAsync(turn, kept.EventName, kept.Body);
    }
}
