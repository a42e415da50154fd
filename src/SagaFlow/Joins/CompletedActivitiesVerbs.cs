using MassTransit;

namespace SagaFlow;

/// <summary>What a row of <c>WhenAll</c> or <c>WhenAny</c> asks its context.</summary>
public static class CompletedActivitiesVerbs
{
    /// <summary>Reads what an activity gave.</summary>
    /// <exception cref="SagaFlow.Contracts.SagaFlowException">It is not among those that completed; the workflow fails with it.</exception>
    public static TResult ResultOf<TInstance, TArguments, TResult>(
        this BehaviorContext<TInstance, CompletedActivities> context, Activity<TArguments, TResult> activity)
        where TInstance : WorkflowInstance =>
        context.Message.ResultOf(activity);

    /// <summary>Says whether an activity has completed.</summary>
    public static bool Has<TInstance>(this BehaviorContext<TInstance, CompletedActivities> context, IDeclaredActivity activity)
        where TInstance : WorkflowInstance =>
        context.Message.Has(activity);
}
