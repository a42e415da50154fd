using System.Linq.Expressions;
using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <content>Messages that a running workflow takes.</content>
public abstract partial class WorkflowStateMachine<TInstance>
{
    private readonly Dictionary<string, SignalDefinition> _signals = new(StringComparer.Ordinal);

    IReadOnlyDictionary<string, SignalDefinition> IWorkflowMachine.Signals => _signals;

    /// <summary>Declares a message of the author's that a running workflow takes: published on the bus, or sent by a client.</summary>
    /// <remarks>
    /// <para>A message that the current state does not handle is kept, up to 1,000 of them, and raised in the order of arrival once a
    /// state handles it; where a state says <c>Ignore</c> it is dropped. The same message twice, by its message id, is applied once.</para>
    /// <para>A workflow that is not started, or is closed, takes none: the sender is told <c>unknown_workflow</c>,
    /// <c>workflow_closed</c> or <c>canceled</c>, and nothing is kept. A 1,001st kept message is refused as <c>too_many</c>.</para>
    /// </remarks>
    /// <param name="property">The event's property; its name is the signal's name.</param>
    /// <param name="configure">Says which workflow a message is for: by business key, by workflow id, or all that run.</param>
    protected void SignaledBy<TMessage>(Expression<Func<Event<TMessage>>> property, Action<SignalOptions<TMessage>> configure)
        where TMessage : class
    {
        var options = new SignalOptions<TMessage>();
        configure(options);
        var signal = new SignalDefinition<TMessage>(PropertyOf(property).Name, options);
        if (!_signals.TryAdd(signal.EventName, signal))
        {
            throw new SagaFlowException($"Signal '{signal.EventName}' of workflow '{GetType().Name}' is declared twice. Remove one of them.");
        }

        // Inside a turn the workflow is known already: a client may have named it by its id.
        Event(property, x => x.CorrelateById(context =>
            context.TryGetPayload<WorkflowTurn>(out var turn) ? turn.WorkflowId : signal.CorrelationIdOf(context.Message)));
    }
}
