using MassTransit;
using MassTransit.Saga;
using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>Runs the state machine once, on the instance of a turn; what it publishes is captured, what it throws fails the workflow.</summary>
internal sealed class MachineRunner<TInstance>(IServiceProvider services, WorkflowDefinition<TInstance> definition)
    where TInstance : WorkflowInstance
{
    public async Task RunAsync<T>(WorkflowTurn turn, ConsumeContext<T> context, IPipe<SagaRepositoryContext<TInstance, T>> next)
        where T : class
    {
        // Read before the net below: a document that this version cannot migrate or read is the version's fault, not the workflow's.
        var instance = turn.ReadInstance<TInstance>(definition.Machine);
        turn.EnterMachine();
        turn.Messages.Running(context.Message);
        try
        {
            var capturing = new CapturingConsumeContext<T>(context, turn, services);
            using (capturing.CaptureScope())
            {
                await next.Send(new WorkflowRepositoryContext<TInstance, T>(capturing, turn, instance));
            }

            turn.CheckSizes();
        }
        catch (Exception exception)
        {
            // Whatever the author's code throws, also in a message initializer or a converter, ends the workflow by name:
            // running it again would throw again, and an error queue would park it.
            turn.FailMachine(exception);
        }
    }
}
