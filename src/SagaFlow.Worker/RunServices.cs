using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker;

/// <summary>What every run needs of its process.</summary>
internal sealed record RunServices(
    IServiceScopeFactory Scopes,
    TimeProvider TimeProvider,
    RunningAttempts Running,
    RecentAttempts Recent,
    WorkerIdentity Identity,
    WorkerMetrics Metrics,
    WorkerEvents Events,
    IOptions<SagaFlowWorkerOptions> Options,
    ILogger<ActivityRunner> Logger);
