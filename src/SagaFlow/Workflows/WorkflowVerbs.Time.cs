using MassTransit;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <content>The time that a workflow may know.</content>
public static partial class WorkflowVerbs
{
    /// <summary>Gets the one instant of the message that is being handled, by the engine's clock: the only time that a workflow
    /// should compute with.</summary>
    public static DateTimeOffset Now<TInstance>(this BehaviorContext<TInstance> context)
        where TInstance : WorkflowInstance =>
        WorkflowTurn.Of(context).Now;
}
