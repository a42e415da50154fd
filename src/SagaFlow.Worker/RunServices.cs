using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Worker;

/// <summary>What every run needs of its process.</summary>
internal sealed record RunServices(IServiceScopeFactory Scopes, TimeProvider TimeProvider, ILogger<ActivityRunner> Logger);
