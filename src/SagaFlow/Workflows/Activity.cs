using MassTransit;
using MassTransit.SagaStateMachine;
using SagaFlow.Joins;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <summary>One kind of work that a workflow asks for and waits on, with the state and the events that belong to it.</summary>
/// <remarks>Declared as a property of a <see cref="WorkflowStateMachine{TInstance}"/> and created by its <c>Activity</c> method.
/// Whoever handles it may answer at once, later, from another process or by hand: the workflow reads the same.</remarks>
/// <typeparam name="TArguments">What the activity takes.</typeparam>
/// <typeparam name="TResult">What it gives.</typeparam>
public sealed class Activity<TArguments, TResult> : IWorkflowActivity
{
    private readonly Action<ActivityOptions> _configure;

    internal Activity(string name, State pending, Action<ActivityOptions> configure)
    {
        _configure = configure;
        Name = name;
        Pending = pending;
        Completed = new MessageEvent<CompletedActivity<TResult>>($"{name}.Completed");
        Failed = new MessageEvent<FailedActivity>($"{name}.Failed");
        TimedOut = new MessageEvent<TimedOutActivity>($"{name}.TimedOut");
        Canceled = new MessageEvent<CanceledActivity>($"{name}.Canceled");
        Joined = new MessageEvent<JoinedActivities<TResult>>($"{name}.Joined");
        Heartbeat = new MessageEvent<ActivityHeartbeat>($"{name}.Heartbeat");
    }

    /// <summary>Gets the activity's name: the property's. It selects the handler.</summary>
    public string Name { get; }

    /// <summary>Gets a state for workflows that do nothing but wait for this activity; named <c>&lt;name&gt;.Pending</c>.</summary>
    public State Pending { get; }

    /// <summary>Gets the event of success.</summary>
    public Event<CompletedActivity<TResult>> Completed { get; }

    /// <summary>Gets the event of every final non-success that the state does not handle by a nearer name.</summary>
    public Event<FailedActivity> Failed { get; }

    /// <summary>Gets the event of a deadline that ended the activity. Where a state does not handle it, <see cref="Failed"/> is raised.</summary>
    public Event<TimedOutActivity> TimedOut { get; }

    /// <summary>Gets the event of a cancellation. Where a state does not handle it, <see cref="Failed"/> is raised.</summary>
    public Event<CanceledActivity> Canceled { get; }

    /// <summary>Gets the event of an <c>ExecuteEach</c> whose join's condition is met. Its activities raise no other event.</summary>
    public Event<JoinedActivities<TResult>> Joined { get; }

    /// <summary>Gets the event of a heartbeat. A workflow that handles it in some state subscribes to it; other states let it pass.</summary>
    public Event<ActivityHeartbeat> Heartbeat { get; }

    internal ActivityOptions CreateOptions()
    {
        var options = new ActivityOptions();
        Configure(options);
        return options;
    }

    internal void Configure(ActivityOptions options) => _configure(options);

    ActivityOptions IWorkflowActivity.CreateOptions() => CreateOptions();

    ActivityOutcomeEvents IWorkflowActivity.Events => new(Completed, Failed, TimedOut, Canceled, Joined);

    string IWorkflowActivity.HeartbeatEvent => Heartbeat.Name;

    Task IWorkflowActivity.RaiseHeartbeatAsync<TInstance>(BehaviorContext<TInstance> context, ActivityHeartbeat heartbeat) =>
        context.Raise(Heartbeat, heartbeat);

    Task IWorkflowActivity.RaiseCompletedAsync<TInstance>(BehaviorContext<TInstance> context, string activityId, int attempts, string result) =>
        context.Raise(Completed, new CompletedActivity<TResult>(activityId, attempts, RawJson.ReadTaken<TResult>(result, $"result of activity '{activityId}'")));

    Task IWorkflowActivity.RaiseTimedOutAsync<TInstance>(BehaviorContext<TInstance> context, TimedOutActivity outcome) =>
        context.Raise(TimedOut, outcome);

    Task IWorkflowActivity.RaiseCanceledAsync<TInstance>(BehaviorContext<TInstance> context, CanceledActivity outcome) =>
        context.Raise(Canceled, outcome);

    Task IWorkflowActivity.RaiseFailedAsync<TInstance>(BehaviorContext<TInstance> context, FailedActivity outcome) =>
        context.Raise(Failed, outcome);

    Task IWorkflowActivity.RaiseJoinedAsync<TInstance>(BehaviorContext<TInstance> context, JoinedGroup group) =>
        context.Raise(Joined, group.ToMessage<TResult>());
}
