using MassTransit;
using SagaFlow.Client.Bus;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>The queue on which a workflow takes the author's messages.</summary>
internal sealed class WorkflowEndpointDefinition<TInstance> : SagaDefinition<TInstance>
    where TInstance : WorkflowInstance
{
    // An infrastructure that is down is waited for: a message is never parked because the database was away.
    private const int Patience = int.MaxValue;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public WorkflowEndpointDefinition(BusNames names, WorkflowDefinition<TInstance> definition) =>
        EndpointName = names.Workflow(definition.Type);

    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TInstance> sagaConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PublishFaults = false;
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Ignore<BusinessKeyException>();
            retry.Exponential(Patience, ShortestPause, LongestPause, ShortestPause);
        });
    }
}
