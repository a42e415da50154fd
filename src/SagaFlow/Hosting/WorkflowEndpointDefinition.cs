using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Ingress;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>The queue on which a workflow takes the author's messages.</summary>
internal sealed class WorkflowEndpointDefinition<TInstance> : SagaDefinition<TInstance>
    where TInstance : WorkflowInstance
{
    private readonly string _queue;
    private readonly TimeSpan _hold;

    public WorkflowEndpointDefinition(BusNames names, WorkflowDefinition<TInstance> definition, EngineLimits limits)
    {
        _queue = names.Workflow(definition.Type);
        EndpointName = _queue;
        _hold = limits.DeliveryHold;
    }

    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TInstance> sagaConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PublishFaults = false;
        // Inside a turn nothing is retried here: the turn itself is run again, and it holds locks meanwhile.
        if (_hold == TimeSpan.Zero || endpointConfigurator.InputAddress.AbsolutePath.EndsWith(WorkflowRegistration.InlineSuffix, StringComparison.Ordinal))
        {
            return;
        }

        TimeSpan? longest = null;
        QuarantineFilters.Configure(endpointConfigurator, context.GetRequiredService<Quarantine>());
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            longest = _hold;
            OrderlyChannel.Configure(rabbit);
            RabbitMqEndpoint.Configure(rabbit, context.GetRequiredService<RabbitMqTopology>(), _queue);
        }

        // A message is never parked because the database was away.
        var clock = context.GetRequiredService<TimeProvider>();
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Ignore<SerializationException>();
            retry.Ignore<JsonException>();
            retry.Ignore<BusinessKeyException>();
            retry.Ignore<WorkflowTimeoutException>();
            retry.SetRetryPolicy(exceptions => new DeliveryHoldPolicy(exceptions, longest, clock));
        });
    }
}
