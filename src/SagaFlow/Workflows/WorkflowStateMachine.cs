using System.Linq.Expressions;
using System.Reflection;
using MassTransit;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <summary>The base of every workflow: a MassTransit state machine that asks for activities and reads like a page of the protocol.</summary>
/// <remarks>
/// <para>The constructor declares the start (<see cref="StartedBy{TMessage}"/>) and the activities, then one <c>During</c> per state.
/// It holds no I/O, no clock and no randomness: a message may be run again on fresh state when two arrive at once.</para>
/// <para>Nothing parks silently: an outcome that no <c>When</c> handles fails the workflow with its reason; an event of the
/// author's own that the state does not handle is kept until a state handles it, or dropped where the author says <c>Ignore</c>;
/// an exception of the author's code fails the workflow.</para>
/// </remarks>
/// <typeparam name="TInstance">The workflow's state.</typeparam>
public abstract partial class WorkflowStateMachine<TInstance> : MassTransitStateMachine<TInstance>, IWorkflowMachine
    where TInstance : WorkflowInstance
{
    private readonly Dictionary<string, IWorkflowActivity> _activities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActivityWait> _waits = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> _heard;

    /// <summary>Declares what every workflow has.</summary>
    protected WorkflowStateMachine()
    {
        // When the first heartbeat comes, the author's constructor has run.
        _heard = new(() => [.. States.SelectMany(x => EventsOf(x.Name)).Select(x => x.Name)]);
        InstanceState(x => x.CurrentState);
        ActivityEndedEvent = Event<ActivityEnded>(nameof(ActivityEnded), x =>
        {
            x.CorrelateById(m => m.Message.WorkflowId);
            x.ConfigureConsumeTopology = false;
        });
        OnUnhandledEvent(HandleUnhandledAsync);
    }

    private Event<ActivityEnded> ActivityEndedEvent { get; }

    /// <summary>Declares the message that starts a workflow, and its business key.</summary>
    /// <remarks>A start is idempotent: the workflow id is derived from the type and the business key, so the same message
    /// sent twice starts one workflow, for as long as the closed workflow is kept.</remarks>
    /// <param name="property">The event's property.</param>
    /// <param name="configure">Says what the business key is.</param>
    protected void StartedBy<TMessage>(Expression<Func<Event<TMessage>>> property, Action<StartOptions<TMessage>> configure)
        where TMessage : class
    {
        if (Start is not null)
        {
            throw new SagaFlowException($"Workflow '{GetType().Name}' is started by '{Start.EventName}' already. Declare one StartedBy only.");
        }

        var options = new StartOptions<TMessage>();
        configure(options);
        var start = new StartDefinition<TMessage>(PropertyOf(property).Name, options);
        Start = start;
        Event(property, x => x.CorrelateById(context => start.CorrelationIdOf(context.Message)));
    }

    /// <summary>Declares an activity.</summary>
    /// <param name="property">Its property; the property's name is the activity's name.</param>
    /// <param name="configure">Its options, unless a call changes them. An activity needs a deadline: see <see cref="ActivityOptions"/>.</param>
    protected void Activity<TArguments, TResult>(
        Expression<Func<Activity<TArguments, TResult>>> property, Action<ActivityOptions>? configure = null)
    {
        var target = PropertyOf(property);
        if (target.Name.Length > TokenClaims.MaximumActivityNameBytes || !target.Name.All(char.IsAscii))
        {
            throw new SagaFlowException(
                $"Activity '{target.Name}' of workflow '{GetType().Name}' needs a name of at most {TokenClaims.MaximumActivityNameBytes} ASCII characters.");
        }

        var activity = new Activity<TArguments, TResult>(target.Name, State($"{target.Name}.Pending"), configure ?? (_ => { }));
        if (!_activities.TryAdd(activity.Name, activity))
        {
            throw new SagaFlowException($"Activity '{activity.Name}' of workflow '{GetType().Name}' is declared twice. Remove one of them.");
        }

        target.SetValue(this, activity);
    }

    /// <summary>Handles the completion of all of several activities that were asked for one by one: raised once, when the latest
    /// of each has completed, also before the workflow came into the state.</summary>
    /// <remarks>A failure of one raises the state's <c>When(A.Failed)</c>, else it fails the workflow. A state that has a
    /// <c>When(A.Completed)</c> beside it hears of both.</remarks>
    /// <param name="activities">At least two different activities.</param>
    protected EventActivityBinder<TInstance, CompletedActivities> WhenAll(params IDeclaredActivity[] activities) =>
        When(WaitFor(ActivityWait.Create(nameof(WhenAll), activities, any: false)));

    /// <summary>Handles the first completion of several activities that were asked for one by one. The others are canceled
    /// in the same change, and no event tells of it.</summary>
    /// <remarks>A failure of one raises the state's <c>When(A.Failed)</c>; where there is none it is passed over while another
    /// activity is open, and the last one's fails the workflow.</remarks>
    /// <param name="activities">At least two different activities.</param>
    protected EventActivityBinder<TInstance, CompletedActivities> WhenAny(params IDeclaredActivity[] activities) =>
        When(WaitFor(ActivityWait.Create(nameof(WhenAny), activities, any: true)));

    internal StartDefinition? Start { get; private set; }

    StartDefinition? IWorkflowMachine.Start => Start;

    IReadOnlyDictionary<string, IWorkflowActivity> IWorkflowMachine.Activities => _activities;

    IReadOnlyCollection<string> IWorkflowMachine.StateNames => [.. States.Select(x => x.Name)];

    IReadOnlyCollection<ActivityWait> IWorkflowMachine.Waits => _waits.Values;

    bool IWorkflowMachine.Handles(string state, string eventName) => EventsOf(state).Any(x => x.Name == eventName);

    bool IWorkflowMachine.HearsHeartbeatsOf(string activityName) =>
        _activities.TryGetValue(activityName, out var activity) && _heard.Value.Contains(activity.HeartbeatEvent);

    // The same wait in two states is one event.
    private Event<CompletedActivities> WaitFor(ActivityWait wait)
    {
        _waits.TryAdd(wait.Event.Name, wait);
        return _waits[wait.Event.Name].Event;
    }

    private PropertyInfo PropertyOf<T>(Expression<Func<T>> expression) =>
        expression.Body is MemberExpression { Member: PropertyInfo { CanWrite: true } property }
            ? property
            : throw new SagaFlowException(
                $"'{expression}' in workflow '{GetType().Name}' is not a property that can be set. Give it a setter: {{ get; private set; }} = null!;");

    private IEnumerable<Event> EventsOf(string state) => GetState(state).Events;

    // The one place that every event reaches which its state does not handle. The engine's own event is never bound to
    // a state, so that it comes here whatever states the author declares, and before or after the base constructor.
    private Task HandleUnhandledAsync(UnhandledEventContext<TInstance> context)
    {
        var turn = WorkflowTurn.Of(context);
        if (context.Event.Equals(ActivityEndedEvent))
        {
            return turn.Activities.TakeHeartbeat() is { } heartbeat
                ? _activities[heartbeat.ActivityName].RaiseHeartbeatAsync(context, heartbeat.Message)
                : RaiseOutcomeAsync(context, turn);
        }

        if (_activities.Values.Any(x => x.Events.Contains(context.Event)))
        {
            turn.Fail(turn.UnhandledOutcome(context.CurrentState.Name, context.Event.Name));
            return Task.CompletedTask;
        }

        if (!turn.Messages.TryKeep(context.Event))
        {
            turn.Fail(ActivityFailure.NonRetryable(
                "UnhandledEvent",
                $"State '{context.CurrentState.Name}' does not handle '{context.Event.Name}', and it cannot be kept. Add a When({context.Event.Name}), or Ignore it."));
        }

        return Task.CompletedTask;
    }

    private Task RaiseOutcomeAsync(UnhandledEventContext<TInstance> context, WorkflowTurn turn) => turn.Outcome switch
    {
        MetWait met => context.Raise(met.Event, met.Message),
        JoinedGroup group when FindActivity(turn, group.Name) is { } activity => activity.RaiseJoinedAsync(context, group),
        ActivityState ended when FindActivity(turn, ended.Name) is { } activity =>
            OutcomeRouter.RaiseAsync(context, activity, ended, EventsOf(context.CurrentState.Name).ToHashSet().Contains),
        null => throw new InvalidOperationException("An activity's end was raised without its outcome."),
        _ => Task.CompletedTask,
    };

    private IWorkflowActivity? FindActivity(WorkflowTurn turn, string name)
    {
        if (!_activities.TryGetValue(name, out var activity))
        {
            turn.Fail(ActivityFailure.NonRetryable(
                "UnknownActivity", $"Activity '{name}' ended, but workflow '{GetType().Name}' has no activity of that name any more."));
        }

        return activity;
    }
}
