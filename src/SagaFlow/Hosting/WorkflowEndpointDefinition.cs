using MassTransit;
using SagaFlow.Client.Bus;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>The queue on which a workflow takes the author's messages.</summary>
internal sealed class WorkflowEndpointDefinition<TInstance> : SagaDefinition<TInstance>
    where TInstance : WorkflowInstance
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly int _retries;

    public WorkflowEndpointDefinition(BusNames names, WorkflowDefinition<TInstance> definition, EngineLimits limits)
    {
        EndpointName = names.Workflow(definition.Type);
        _retries = limits.DeliveryRetries;
    }

    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TInstance> sagaConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PublishFaults = false;
        // Inside a turn nothing is retried here: the turn itself is run again, and it holds locks meanwhile.
        if (_retries == 0 || endpointConfigurator.InputAddress.AbsolutePath.EndsWith(WorkflowRegistration.InlineSuffix, StringComparison.Ordinal))
        {
            return;
        }

        // A message is never parked because the database was away.
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Ignore<BusinessKeyException>();
            retry.Ignore<WorkflowTimeoutException>();
            retry.Exponential(_retries, ShortestPause, LongestPause, ShortestPause);
        });
    }
}
