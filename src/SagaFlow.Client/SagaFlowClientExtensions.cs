using Microsoft.Extensions.DependencyInjection.Extensions;
using SagaFlow.Client;
using SagaFlow.Client.Bus;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the SagaFlow client to a container.</summary>
public static class SagaFlowClientExtensions
{
    /// <summary>Adds <see cref="IActivityClient"/> and <see cref="IWorkflowClient"/>.</summary>
    /// <param name="services">The container. A MassTransit bus that was added before is used; else an in-memory one is added.</param>
    /// <param name="configure">Sets the options; it may be called for worker and engine too, in any order.</param>
    public static IServiceCollection AddSagaFlowClient(this IServiceCollection services, Action<SagaFlowClientOptions>? configure = null)
    {
        SagaFlowBus.AddTo(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<ReplyInbox>();
        services.TryAddSingleton<Requester>();
        services.TryAddSingleton<CancelListener>();
        services.TryAddSingleton<IRoad, BusRoad>();
        services.TryAddSingleton<IActivityClient, ActivityClient>();
        services.TryAddSingleton<IWorkflowClient, WorkflowClient>();
        return services;
    }
}
