using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SagaFlow.Client;
using SagaFlow.Client.Http;
using SagaFlow.Contracts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the SagaFlow client over HTTP to a container.</summary>
public static class SagaFlowHttpClientExtensions
{
    /// <summary>Adds <see cref="IActivityClient"/> and <see cref="IWorkflowClient"/> that reach an engine over HTTP, without a bus.</summary>
    /// <remarks>While the engine or its database is away a call is tried again, after pauses of random length, until its time is over.
    /// Cancellations are not pushed over HTTP: the receipt of a heartbeat tells of them.</remarks>
    /// <param name="services">The container.</param>
    /// <param name="configure">Sets the address, and the key for calls about workflows.</param>
    /// <exception cref="SagaFlowException">The container has a client over the bus already.</exception>
    public static IServiceCollection AddSagaFlowHttpClient(this IServiceCollection services, Action<SagaFlowHttpClientOptions> configure)
    {
        if (services.Any(x => x.ServiceType == typeof(IRoad)))
        {
            throw new SagaFlowException("A client is registered already. Call either AddSagaFlowClient or AddSagaFlowHttpClient.");
        }

        services.Configure(configure);
        services.AddOptions<SagaFlowHttpClientOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SagaFlowHttpClientOptions>, SagaFlowHttpClientOptionsValidator>());
        services.AddOptions<SagaFlowClientOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SagaFlowClientOptions>, SagaFlowClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, RandomIdSource>();
        services.AddSingleton<HttpCalls>();
        services.AddSingleton<IRoad, HttpRoad>();
        services.TryAddSingleton<IActivityClient, ActivityClient>();
        services.TryAddSingleton<IWorkflowClient, WorkflowClient>();
        return services;
    }
}
