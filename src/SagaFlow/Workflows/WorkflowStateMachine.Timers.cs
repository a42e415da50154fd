using System.Linq.Expressions;
using MassTransit;
using MassTransit.Configuration;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <content>Messages that a workflow schedules for itself.</content>
public abstract partial class WorkflowStateMachine<TInstance>
{
    /// <summary>Declares a timer: a message that the workflow schedules for itself with MassTransit's <c>Schedule</c> and takes back
    /// with <c>Unschedule</c>.</summary>
    /// <remarks>
    /// <para>It is stored with the workflow and rings through the same alarm as activity deadlines: not before its instant, and once,
    /// whatever crashes. Scheduling it again replaces it; a workflow that ends takes its timers with it. One that became due while
    /// no engine was alive is raised 30 seconds after the restart, so that what is queued already is read first.</para>
    /// <para>When the current state does not handle its <c>Received</c>, the message is kept like a signal, or dropped where the state
    /// says <c>Ignore</c>. <c>AnyReceived</c> is the same event.</para>
    /// <para>The delay is the one declared here, read with the workflow's state (<c>DelayProvider</c>) and counted from the turn's
    /// instant. For another one at a call, give <c>Schedule</c> an instant made from <see cref="WorkflowVerbs.Now{TInstance}"/>: a delay at
    /// the call is added by MassTransit to the machine's own clock.</para>
    /// </remarks>
    /// <param name="property">The timer's property.</param>
    /// <param name="tokenId">The instance's property that remembers which timer is scheduled; <see langword="null"/> while none is.</param>
    /// <param name="configure">Its delay; 30 seconds by default. Correlation is not needed: only the alarm raises it.</param>
    protected new void Schedule<TMessage>(
        Expression<Func<Schedule<TInstance, TMessage>>> property,
        Expression<Func<TInstance, Guid?>> tokenId,
        Action<IScheduleConfigurator<TInstance, TMessage>>? configure = null)
        where TMessage : class
    {
        var configurator = new StateMachineScheduleConfigurator<TInstance, TMessage>();
        configure?.Invoke(configurator);
        Schedule(property, tokenId, configurator.Settings);
    }

    /// <summary>Declares a timer with settings from elsewhere.</summary>
    /// <inheritdoc cref="Schedule{TMessage}(Expression{Func{Schedule{TInstance, TMessage}}}, Expression{Func{TInstance, Guid?}}, Action{IScheduleConfigurator{TInstance, TMessage}})"/>
    /// <param name="property">The timer's property.</param>
    /// <param name="tokenId">The instance's property that remembers which timer is scheduled.</param>
    /// <param name="settings">Its delay.</param>
    protected new void Schedule<TMessage>(
        Expression<Func<Schedule<TInstance, TMessage>>> property,
        Expression<Func<TInstance, Guid?>> tokenId,
        ScheduleSettings<TInstance, TMessage> settings)
        where TMessage : class
    {
        var target = PropertyOf(property);
        // A message that came by a queue is no timer's, whatever it says: it is for no workflow.
        var received = Event<TMessage>($"{target.Name}.Received", x =>
        {
            x.ConfigureConsumeTopology = false;
            x.CorrelateById(context => context.TryGetPayload<WorkflowTurn>(out var turn) ? turn.WorkflowId : StartDefinition.NoWorkflow);
        });
        var schedule = new WorkflowSchedule<TInstance, TMessage>(target.Name, TokenOf(tokenId), settings, received);
        target.SetValue(this, schedule);
        ConnectEventObserver(received, schedule);
    }

    private System.Reflection.PropertyInfo TokenOf(Expression<Func<TInstance, Guid?>> expression) =>
        expression.Body is MemberExpression { Member: System.Reflection.PropertyInfo { CanWrite: true } property }
            ? property
            : throw new SagaFlowException($"'{expression}' in workflow '{GetType().Name}' is not a property of the instance that can be set.");
}
