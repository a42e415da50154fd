using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>What the ring of a timer does: it raises the timer's message in its workflow, and the timer is gone in the same change set.</summary>
internal sealed class TimerRings(TurnRunner runner, WorkflowRegistry registry, WorkflowEngine engine)
{
    public Task<Receipt> RingAsync(Guid workflowId, Guid timerId, int version, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new LoadKey(workflowId) { Workflow = true, TimerId = timerId },
            context => RingAsync(context, version),
            cancellationToken);

    private async Task<Receipt> RingAsync(TurnContext context, int version)
    {
        var turn = context.Turn;
        if (context.Timer is not { } timer || timer.Version != version || turn.Workflow is not { Status: WorkflowStatus.Running })
        {
            return new Receipt(Disposition.Ignored, "the ring is stale", WorkflowId: turn.WorkflowId);
        }

        if (turn.Now < timer.DueAt)
        {
            return new Receipt(Disposition.Ignored, "the timer is not due", WorkflowId: turn.WorkflowId);
        }

        if (turn.Runs.IsAwaited && !turn.Runs.IsBegunBy(timer))
        {
            return new Receipt(Disposition.Ignored, "the timer is of a run that has failed", WorkflowId: turn.WorkflowId);
        }

        // The two rings may come in either order, as after a downtime: no run begins that is over already.
        if (turn.Runs.IsBegunBy(timer) && turn.Now >= turn.Workflow.DeadlineAt)
        {
            return await WorkflowEnding.TimeOutAsync(context);
        }

        var definition = registry.Find(timer.WorkflowType);
        turn.CheckVersion(definition.Machine);
        await RaiseAsync(turn, timer, definition);
        if (turn.Messages.Refused)
        {
            // Nothing is written: the row stays, and it rings again when there is room.
            return new Receipt(Disposition.TooMany, "The workflow keeps too many messages already", WorkflowId: turn.WorkflowId);
        }

        await engine.FinishAsync(context, definition);
        return new Receipt(turn.Messages.Kept ? Disposition.Kept : Disposition.Applied, WorkflowId: turn.WorkflowId);
    }

    private static async Task RaiseAsync(WorkflowTurn turn, TimerRecord timer, WorkflowDefinition definition)
    {
        turn.Messages.Receive(turn.Runs.IsBegunBy(timer) ? turn.Runs.Begin(timer, definition.Machine.Version) : turn.Timers.Fire(timer));
        if (definition.EventNameOf(timer.MessageType) is not { } eventName)
        {
            turn.End(WorkflowStatus.Failed, ActivityFailure.NonRetryable(
                "UnknownTimer", $"A timer rang, but workflow type '{definition.Type}' has no message '{timer.MessageType}' any more."));
        }
        else if (definition.ProblemOf(eventName, timer.Body) is { } problem)
        {
            turn.End(WorkflowStatus.Failed, ActivityFailure.NonRetryable("UnreadableTimer", $"A timer rang, but its message cannot be read. {problem}"));
        }
        else
        {
            await definition.RaiseAsync(turn, eventName, timer.Body);
        }
    }
}
