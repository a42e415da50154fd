using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Ends a workflow from outside its state machine: somebody cancels it, or its own deadline passes.</summary>
/// <remarks>Its open activities close in the same change set, and their holders are told to stop. A workflow whose type is not
/// hosted any more can be ended as well: its machine is not asked.</remarks>
internal sealed class WorkflowEnding(TurnRunner runner)
{
    /// <summary>Cancels a running workflow. Of a cancellation and any other end, the one that commits first counts.</summary>
    public Task<Receipt> CancelAsync(Guid workflowId, string reason, CancellationToken cancellationToken) =>
        RunAsync(
            workflowId,
            context => EndAsync(context, WorkflowStatus.Canceled, FailureTexts.Clean(ActivityFailure.NonRetryable("Canceled", reason))),
            cancellationToken);

    /// <summary>Ends a running workflow whose own deadline rang. A ring of another deadline, or one that comes too early, changes nothing.</summary>
    public Task<Receipt> TimeOutAsync(Guid workflowId, DateTimeOffset deadlineAt, CancellationToken cancellationToken) =>
        RunAsync(
            workflowId,
            context => context.Turn.Workflow!.DeadlineAt != deadlineAt || context.Turn.Now < deadlineAt
                ? Task.FromResult(new Receipt(Disposition.Ignored, "the ring is stale", WorkflowId: workflowId))
                : TimeOutAsync(context),
            cancellationToken);

    /// <summary>Ends the running workflow of a turn, whose deadline has passed.</summary>
    public static Task<Receipt> TimeOutAsync(TurnContext context) =>
        EndAsync(context, WorkflowStatus.TimedOut, TimedOut(context.Turn.Workflow!));

    private static ActivityFailure TimedOut(WorkflowRecord workflow) => ActivityFailure.NonRetryable(
        "WorkflowTimeout", $"The workflow timed out in state '{workflow.State}', {workflow.DeadlineAt - workflow.CreatedAt} after its start");

    private Task<Receipt> RunAsync(Guid workflowId, Func<TurnContext, Task<Receipt>> end, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new LoadKey(workflowId) { Workflow = true },
            context => context.Turn.Workflow is { Status: WorkflowStatus.Running } ? end(context) : Task.FromResult(RefusalOf(context.Turn)),
            cancellationToken);

    private static Receipt RefusalOf(WorkflowTurn turn) => turn.Workflow switch
    {
        null => new Receipt(Disposition.UnknownWorkflow, "No such workflow, or it was deleted"),
        { Status: WorkflowStatus.Canceled } => new Receipt(Disposition.Duplicate, "It was canceled before", WorkflowId: turn.WorkflowId),
        { Status: var status } => new Receipt(Disposition.WorkflowClosed, $"It has ended: {status}", WorkflowId: turn.WorkflowId),
    };

    private static async Task<Receipt> EndAsync(TurnContext context, WorkflowStatus status, ActivityFailure failure)
    {
        context.Turn.End(status, failure);
        await context.LoadOpenActivitiesAsync();
        context.Turn.CloseOpenActivities();
        context.Turn.Messages.DropKept(_ => true);
        return new Receipt(Disposition.Applied, WorkflowId: context.Turn.WorkflowId);
    }
}
