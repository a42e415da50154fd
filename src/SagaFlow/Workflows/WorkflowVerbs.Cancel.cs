using MassTransit;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <content>How a workflow takes an activity back.</content>
public static partial class WorkflowVerbs
{
    private const string CanceledByWorkflow = "The workflow asked for it";

    /// <summary>Asks the latest open activity of this kind to stop. One that is closed already stays as it is.</summary>
    /// <remarks>The cancellation and what the workflow does next are stored together; whoever holds the task token is told by a push
    /// and by the receipt of its next heartbeat. With <see cref="CancellationMode.Try"/> and <see cref="CancellationMode.Abandon"/>
    /// the activity's <c>Canceled</c> (or <c>Failed</c>) is raised right after this row of the table, in the state that it leads to;
    /// with <see cref="CancellationMode.Wait"/> when the holder answers, and a result that comes all the same is raised as
    /// <c>Completed</c>. An outcome that no state handles fails the workflow, as any outcome does.</remarks>
    /// <param name="binder">The row of the table.</param>
    /// <param name="activity">Which activity.</param>
    /// <param name="mode">Whether to wait for the holder's answer; by default <see cref="CancellationMode.Try"/>.</param>
    /// <param name="reason">Told to the holder and kept in the history.</param>
    public static EventActivityBinder<TInstance, TMessage> CancelActivity<TInstance, TMessage, TArguments, TResult>(
        this EventActivityBinder<TInstance, TMessage> binder,
        Activity<TArguments, TResult> activity,
        CancellationMode mode = CancellationMode.Try,
        string reason = CanceledByWorkflow)
        where TInstance : WorkflowInstance
        where TMessage : class
    {
        RequireDeclared(activity, nameof(CancelActivity));
        return binder.Then(context => WorkflowTurn.Of(context).Activities.WantCancelOfLatest(activity.Name, mode, reason));
    }

    /// <summary>Asks one activity to stop, named by its id. One that is closed, or never was, stays as it is.</summary>
    /// <param name="binder">The row of the table.</param>
    /// <param name="activityId">Gives the id, such as <c>Transmit-2</c>.</param>
    /// <param name="mode">Whether to wait for the holder's answer; by default <see cref="CancellationMode.Try"/>.</param>
    /// <param name="reason">Told to the holder and kept in the history.</param>
    /// <inheritdoc cref="CancelActivity{TInstance,TMessage,TArguments,TResult}" path="/remarks"/>
    public static EventActivityBinder<TInstance, TMessage> CancelActivity<TInstance, TMessage>(
        this EventActivityBinder<TInstance, TMessage> binder,
        Func<BehaviorContext<TInstance, TMessage>, string> activityId,
        CancellationMode mode = CancellationMode.Try,
        string reason = CanceledByWorkflow)
        where TInstance : WorkflowInstance
        where TMessage : class =>
        binder.Then(context => WorkflowTurn.Of(context).Activities.WantCancel(new WantedCancel(activityId(context), UpTo: null, mode, reason)));
}
