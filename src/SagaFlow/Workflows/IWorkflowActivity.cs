using MassTransit;
using SagaFlow.Joins;

namespace SagaFlow.Workflows;

/// <summary>What the engine needs of an activity without knowing its types.</summary>
internal interface IWorkflowActivity : IDeclaredActivity
{
    ActivityOutcomeEvents Events { get; }

    ActivityOptions CreateOptions();

    string HeartbeatEvent { get; }

    Task RaiseHeartbeatAsync<TInstance>(BehaviorContext<TInstance> context, ActivityHeartbeat heartbeat)
        where TInstance : WorkflowInstance;

    Task RaiseCompletedAsync<TInstance>(BehaviorContext<TInstance> context, string activityId, int attempts, string result)
        where TInstance : WorkflowInstance;

    Task RaiseTimedOutAsync<TInstance>(BehaviorContext<TInstance> context, TimedOutActivity outcome)
        where TInstance : WorkflowInstance;

    Task RaiseCanceledAsync<TInstance>(BehaviorContext<TInstance> context, CanceledActivity outcome)
        where TInstance : WorkflowInstance;

    Task RaiseFailedAsync<TInstance>(BehaviorContext<TInstance> context, FailedActivity outcome)
        where TInstance : WorkflowInstance;

    Task RaiseJoinedAsync<TInstance>(BehaviorContext<TInstance> context, JoinedGroup group)
        where TInstance : WorkflowInstance;
}
