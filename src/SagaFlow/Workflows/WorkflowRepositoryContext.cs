using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>Hands the turn's instance to MassTransit's saga pipe and takes it back. It never touches the database.</summary>
internal sealed class WorkflowRepositoryContext<TInstance, TMessage>(
    CapturingConsumeContext<TMessage> context, WorkflowTurn turn, TInstance instance)
    : ConsumeContextScope<TMessage>(context), SagaRepositoryContext<TInstance, TMessage>
    where TInstance : WorkflowInstance
    where TMessage : class
{
    public Task<SagaConsumeContext<TInstance, TMessage>> Load(Guid correlationId) => Wrap(instance);

    // Load always finds an instance, because a turn begins its workflow before the machine runs: the ways below are for
    // repositories that insert and delete.
    public Task<SagaConsumeContext<TInstance, TMessage>> Add(TInstance added) => Wrap(added);

    public Task<SagaConsumeContext<TInstance, TMessage>> Insert(TInstance inserted) => Wrap(inserted);

    public Task Save(SagaConsumeContext<TInstance> context) => Store(context.Saga);

    public Task Update(SagaConsumeContext<TInstance> context) => Store(context.Saga);

    public Task Delete(SagaConsumeContext<TInstance> context) => Store(context.Saga);

    public Task Discard(SagaConsumeContext<TInstance> context) => Store(context.Saga);

    public Task Undo(SagaConsumeContext<TInstance> context) => Task.CompletedTask;

    public Task<SagaConsumeContext<TInstance, T>> CreateSagaConsumeContext<T>(
        ConsumeContext<T> consumeContext, TInstance instance, SagaConsumeContextMode mode)
        where T : class =>
        Task.FromResult<SagaConsumeContext<TInstance, T>>(new DefaultSagaConsumeContext<TInstance, T>(consumeContext, instance));

    private Task<SagaConsumeContext<TInstance, TMessage>> Wrap(TInstance instance) =>
        CreateSagaConsumeContext<TMessage>(context, instance, SagaConsumeContextMode.Load);

    private Task Store(TInstance instance)
    {
        turn.Save(instance.CurrentState, RawJson.Write(instance));
        return Task.CompletedTask;
    }
}
