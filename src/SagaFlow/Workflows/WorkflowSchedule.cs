using System.Reflection;
using MassTransit;

namespace SagaFlow.Workflows;

/// <summary>A timer as the author declares it. Whether a ring is stale is decided by the timer's row, not by this token.</summary>
internal sealed class WorkflowSchedule<TInstance, TMessage>(
    string name, PropertyInfo token, ScheduleSettings<TInstance, TMessage> settings, Event<TMessage> received)
    : Schedule<TInstance, TMessage>, IEventObserver<TInstance>
    where TInstance : WorkflowInstance
    where TMessage : class
{
    public string Name => name;

    public Event<TMessage> Received { get; set; } = received;

    public Event<TMessage> AnyReceived { get; set; } = received;

    public TimeSpan GetDelay(BehaviorContext<TInstance> context)
    {
        var delay = settings.DelayProvider(context);
        WorkflowTurn.Of(context).Timers.Expect(delay);
        return delay;
    }

    public Guid? GetTokenId(TInstance instance) => (Guid?)token.GetValue(instance);

    public void SetTokenId(TInstance instance, Guid? tokenId) => token.SetValue(instance, tokenId);

    public Task PreExecute(BehaviorContext<TInstance> context) => ForgetAsync(context);

    public Task PreExecute<T>(BehaviorContext<TInstance, T> context)
        where T : class => ForgetAsync(context);

    public Task PostExecute(BehaviorContext<TInstance> context) => Task.CompletedTask;

    public Task PostExecute<T>(BehaviorContext<TInstance, T> context)
        where T : class => Task.CompletedTask;

    public Task ExecuteFault(BehaviorContext<TInstance> context, Exception exception) => Task.CompletedTask;

    public Task ExecuteFault<T>(BehaviorContext<TInstance, T> context, Exception exception)
        where T : class => Task.CompletedTask;

    // A timer that is raised is scheduled no more: the author's row of the table may schedule it anew.
    private Task ForgetAsync(BehaviorContext<TInstance> context)
    {
        var turn = WorkflowTurn.Of(context);
        if (GetTokenId(context.Saga) is { } timerId && turn.Messages.Current?.Id == TurnTimers.MessageIdOf(turn.WorkflowId, timerId))
        {
            SetTokenId(context.Saga, null);
        }

        return Task.CompletedTask;
    }
}
