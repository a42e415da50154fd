using MassTransit;
using MassTransit.Transports;

namespace SagaFlow.Workflows;

/// <summary>One registered workflow, with its instance type.</summary>
internal sealed class WorkflowDefinition<TInstance> : WorkflowDefinition
    where TInstance : WorkflowInstance
{
    public WorkflowDefinition(string type, WorkflowStateMachine<TInstance> machine, Lazy<IReceiveEndpointDispatcher> pipe)
        : base(type, machine, pipe)
    {
        MessageTypes = machine.Events
            .Select(x => (x.Name, Type: MessageTypeOf(x)))
            .Where(x => x.Type is not null && x.Type != typeof(ActivityEnded))
            .ToDictionary(x => x.Name, x => x.Type!, StringComparer.Ordinal);
    }

    public override IReadOnlyDictionary<string, Type> MessageTypes { get; }

    private static Type? MessageTypeOf(Event @event) =>
        @event.GetType().GetInterfaces()
            .FirstOrDefault(x => x.IsGenericType && x.GetGenericTypeDefinition() == typeof(Event<>))?
            .GetGenericArguments()[0];
}
