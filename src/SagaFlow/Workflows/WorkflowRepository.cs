using MassTransit;
using MassTransit.Saga;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Where MassTransit's saga pipe meets the engine: it runs the state machine on the instance of a turn.</summary>
/// <remarks>A message that the engine raises carries its turn. A message from a queue opens one.</remarks>
internal sealed class WorkflowRepository<TInstance>(
    WorkflowEngine engine, WorkflowDefinition<TInstance> definition, IWorkflowReader reader, MachineRunner<TInstance> machine, BusInbox inbox,
    SignalBroadcast broadcast)
    : ISagaRepositoryContextFactory<TInstance>, ILoadSagaRepositoryContextFactory<TInstance>, IQuerySagaRepositoryContextFactory<TInstance>
    where TInstance : WorkflowInstance
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TInstance, T>> next)
        where T : class
    {
        if (context.TryGetPayload<WorkflowTurn>(out var turn))
        {
            return machine.RunAsync(turn, context, next);
        }

        return context.Message is ActivityEnded
            ? inbox.RefuseInternalAsync(context)
            : inbox.ReceiveAsync(context, () => SendFromQueueAsync(context, next));
    }

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TInstance> query, IPipe<SagaRepositoryQueryContext<TInstance, T>> next)
        where T : class =>
        throw new SagaFlowException(
            $"Message '{typeof(T).Name}' is correlated by a query. A workflow's messages are correlated by business key or workflow id.");

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TInstance>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class =>
        asyncMethod(new WorkflowLoadContext<TInstance>(reader, cancellationToken));

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TInstance>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class =>
        asyncMethod(new WorkflowQueryContext<TInstance>(reader, definition.Type, cancellationToken));

    public void Probe(ProbeContext context) => context.Add("persistence", "sagaflow");

    private async Task SendFromQueueAsync<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TInstance, T>> next)
        where T : class
    {
        var message = new UserMessage(BusInbox.MessageIdOf(context), RawJson.Write(context.Message));
        if (definition.Machine.Signals.Values.FirstOrDefault(x => x.IsForAll && x.MessageType == typeof(T)) is { } toAll)
        {
            await broadcast.SendAsync(definition, toAll.EventName, message, context.CancellationToken);
            return;
        }

        var key = new InboxKey(definition.Type, context.CorrelationId!.Value, message.Id);
        Task RaiseAsync(WorkflowTurn turn) => machine.RunAsync(turn, context, next);
        var receipt = definition.Machine.Start is { } start && start.MessageType == typeof(T)
            ? await engine.StartAsync(definition, start.TermsOf(context.Message), key, message, RaiseAsync, context.CancellationToken)
            : await engine.SignalAsync(definition, key, EventNameOf(context.Message), message, RaiseAsync, context.CancellationToken);
        inbox.Settled(definition.Type, key.WorkflowId, typeof(T).Name, receipt);
    }

    // A signal without a usable key was only correlated to be refused here, with the reason.
    private string EventNameOf<T>(T message)
        where T : class
    {
        var name = definition.EventNameOf(typeof(T));
        if (definition.Machine.Signals.TryGetValue(name, out var signal))
        {
            _ = signal.WorkflowIdOf(message);
        }

        return name;
    }
}
