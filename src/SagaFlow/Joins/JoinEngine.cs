using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Joins;

/// <summary>Joins groups whose condition is met: the only moment at which a fan-out touches its workflow's row.</summary>
internal sealed class JoinEngine(TurnRunner runner, WorkflowRegistry registry, WorkflowEngine engine)
{
    /// <summary>Tells the workflow of a group that its condition is met. A group that was joined before is left alone.</summary>
    public Task<Receipt> JoinAsync(Guid workflowId, string groupId, CancellationToken cancellationToken) =>
        runner.RunAsync(new LoadKey(workflowId) { Workflow = true, GroupId = groupId }, JoinAsync, cancellationToken);

    private async Task<Receipt> JoinAsync(TurnContext context)
    {
        var turn = context.Turn;
        if (turn.Joins.Met is not { } group || turn.Workflow is not { } workflow)
        {
            return new Receipt(Disposition.Ignored, "The group is joined, or its condition is not met", WorkflowId: turn.WorkflowId);
        }

        if (workflow.Status != WorkflowStatus.Running)
        {
            turn.Joins.Abandon(group.Id);
            return new Receipt(Disposition.WorkflowClosed, WorkflowId: turn.WorkflowId);
        }

        if (turn.Runs.IsAwaited)
        {
            turn.Joins.Abandon(group.Id);
            return new Receipt(Disposition.Ignored, "The run that waited for the group has failed", WorkflowId: turn.WorkflowId);
        }

        turn.Joins.Join();
        await engine.FinishAsync(context, registry.Find(workflow.Type));
        return new Receipt(Disposition.Applied, WorkflowId: turn.WorkflowId);
    }
}
