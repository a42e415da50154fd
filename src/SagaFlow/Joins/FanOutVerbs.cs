using MassTransit;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <summary>The verbs of a workflow's table for activities that run in parallel.</summary>
public static class FanOutVerbs
{
    /// <summary>Asks for an activity once for each of some arguments that are found at run time. The activities run in parallel,
    /// and <c>Joined</c> is raised once for all of them; none raises an event of its own.</summary>
    /// <remarks>Without any arguments <see cref="Join.All"/> joins at once, in the state that follows. At most 10,000 activities
    /// are asked for at once: more, or fewer than the join waits for, fail the workflow. Do not name an activity both here and
    /// in a <c>WhenAll</c> or <c>WhenAny</c>: those wait for single activities.</remarks>
    /// <param name="binder">The row of the table.</param>
    /// <param name="activity">Which activity.</param>
    /// <param name="arguments">Makes the arguments from the workflow's state and the message: one activity for each.</param>
    /// <param name="configure">Says how they are joined, and changes the definition's options for this call; <see langword="null"/>
    /// leaves both, and waits for all.</param>
    /// <exception cref="ActivityOptionsException">The options of this call contradict each other; the workflow fails with it.</exception>
    public static EventActivityBinder<TInstance, TMessage> ExecuteEach<TInstance, TMessage, TArguments, TResult>(
        this EventActivityBinder<TInstance, TMessage> binder,
        Activity<TArguments, TResult> activity,
        Func<BehaviorContext<TInstance, TMessage>, IEnumerable<TArguments>> arguments,
        Action<BehaviorContext<TInstance, TMessage>, FanOutOptions>? configure = null)
        where TInstance : WorkflowInstance
        where TMessage : class
    {
        WorkflowVerbs.RequireDeclared(activity, nameof(ExecuteEach));
        return binder.Then(context =>
        {
            var options = new FanOutOptions();
            activity.Configure(options);
            configure?.Invoke(context, options);
            WorkflowTurn.Of(context).Joins.ScheduleEach(activity.Name, arguments(context).Select(RawJson.Write), options);
        });
    }
}
