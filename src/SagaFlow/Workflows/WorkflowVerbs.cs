using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <summary>The verbs of a workflow's table: what follows <c>When(...)</c>.</summary>
public static partial class WorkflowVerbs
{
    /// <summary>Asks for an activity. Its request leaves once the workflow's new state is stored.</summary>
    /// <param name="binder">The row of the table.</param>
    /// <param name="activity">Which activity.</param>
    /// <param name="arguments">Makes its arguments from the workflow's state and the message.</param>
    /// <param name="configure">Changes the definition's options for this call; <see langword="null"/> leaves them.</param>
    /// <exception cref="ActivityOptionsException">The options of this call contradict each other; the workflow fails with it.</exception>
    public static EventActivityBinder<TInstance, TMessage> ExecuteActivity<TInstance, TMessage, TArguments, TResult>(
        this EventActivityBinder<TInstance, TMessage> binder,
        Activity<TArguments, TResult> activity,
        Func<BehaviorContext<TInstance, TMessage>, TArguments> arguments,
        Action<BehaviorContext<TInstance, TMessage>, ActivityOptions>? configure = null)
        where TInstance : WorkflowInstance
        where TMessage : class
    {
        RequireDeclared(activity, nameof(ExecuteActivity));
        return binder.Then(context =>
        {
            var options = activity.CreateOptions();
            configure?.Invoke(context, options);
            WorkflowTurn.Of(context).Activities.Schedule(activity.Name, [RawJson.Write(arguments(context))], options);
        });
    }

    /// <summary>Ends the workflow with a result. Open activities are closed with it and told to stop.</summary>
    public static EventActivityBinder<TInstance, TMessage> Complete<TInstance, TMessage, TResult>(
        this EventActivityBinder<TInstance, TMessage> binder, Func<BehaviorContext<TInstance, TMessage>, TResult> result)
        where TInstance : WorkflowInstance
        where TMessage : class =>
        binder.Then(context => WorkflowTurn.Of(context).Complete(RawJson.Write(result(context)))).Finalize();

    /// <summary>Ends the workflow as failed, with a message for people. Open activities are closed with it and told to stop.</summary>
    public static EventActivityBinder<TInstance, TMessage> Fail<TInstance, TMessage>(
        this EventActivityBinder<TInstance, TMessage> binder, Func<BehaviorContext<TInstance, TMessage>, string> message)
        where TInstance : WorkflowInstance
        where TMessage : class =>
        binder.Fail(context => ActivityFailure.NonRetryable("WorkflowFailed", message(context)));

    /// <summary>Ends the workflow as failed, with a failure of the author's own making.</summary>
    public static EventActivityBinder<TInstance, TMessage> Fail<TInstance, TMessage>(
        this EventActivityBinder<TInstance, TMessage> binder, Func<BehaviorContext<TInstance, TMessage>, ActivityFailure> failure)
        where TInstance : WorkflowInstance
        where TMessage : class =>
        binder.Then(context => WorkflowTurn.Of(context).Fail(failure(context))).Finalize();

    internal static void RequireDeclared(object? activity, string verb)
    {
        if (activity is null)
        {
            throw new SagaFlowException($"{verb} names an activity that is not declared yet. Write Activity(() => ...) above the states that use it.");
        }
    }
}
