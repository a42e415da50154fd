using MassTransit;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <content>What the machine is asked to handle.</content>
public abstract partial class WorkflowStateMachine<TInstance> : StateMachine<TInstance>
{
    // As the base does it. It is written out here because an event without a handler is told to a callback that cannot see its data.
    async Task StateMachine<TInstance>.RaiseEvent<T>(BehaviorContext<TInstance, T> context)
    {
        WorkflowTurn.Of(context).Messages.Raising(context.Event, context.Message, () => RawJson.Write(context.Message));
        var state = await Accessor.Get(context);
        await GetState(state.Name).Raise(context);
    }
}
