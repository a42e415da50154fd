using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SagaFlow.Worker;
using SagaFlow.Worker.Events;
using SagaFlow.Worker.Pools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a SagaFlow worker to a container.</summary>
public static class SagaFlowWorkerExtensions
{
    /// <summary>Adds handlers, and the worker that runs them while the host runs. It may be called more than once.</summary>
    /// <param name="services">The container. A MassTransit bus that was added before is used; else an in-memory one is added.</param>
    /// <param name="configure">Adds the handlers.</param>
    public static IServiceCollection AddSagaFlowWorker(this IServiceCollection services, Action<SagaFlowWorkerBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddSagaFlowClient();
        services.AddOptions<SagaFlowWorkerOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SagaFlowWorkerOptions>, SagaFlowWorkerOptionsValidator>());
        services.TryAddSingleton<RecentAttempts>();
        services.TryAddSingleton<RunningAttempts>();
        services.TryAddSingleton<WorkerIdentity>();
        services.TryAddSingleton<WorkerMetrics>();
        services.TryAddSingleton<WorkerEvents>();
        services.TryAddSingleton<WorkerNames>();
        services.TryAddSingleton<RunServices>();
        services.TryAddSingleton<ActivityRunners>();
        services.TryAddSingleton<BusAnswerSink>();
        services.TryAddSingleton<HttpCallbacks>();
        services.TryAddSingleton<IAnswerSink, FallbackAnswerSink>();
        services.TryAddSingleton<ISagaFlowWorker, SagaFlowWorker>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WorkerHost>());
        configure(new SagaFlowWorkerBuilder(services));
        return services;
    }
}
