using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Ingress;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>The paths of the callbacks, and the endpoint behind them.</summary>
internal static class CallbackRoutes
{
    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string prefix, CallbackEndpoint callbacks)
    {
        var group = endpoints.MapGroup(prefix);
        foreach (var kind in Enum.GetValues<AnswerKind>())
        {
            // Mapped for every method, so that a wrong one is refused in the same words as everything else.
            group.Map(kind.ToCallbackPath(), http => callbacks.HandleAsync(http, kind));
        }

        // The token is the authorisation; a fallback policy of the host's would shut out every foreign service.
        return group.AllowAnonymous();
    }

    public static CallbackEndpoint CreateEndpoint(IServiceProvider services)
    {
        var endpoint = new CallbackEndpoint(
            CreateTaker(services),
            CallbackLimits.Of(services),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<CallbackEndpoint>>());
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(endpoint.Dispose);
        return endpoint;
    }

    private static IAnswerTaker CreateTaker(IServiceProvider services)
    {
        var registered = services.GetRequiredService<IServiceProviderIsService>();
        if (registered.IsService(typeof(AnswerIngress)))
        {
            // Routes are mapped before the host starts: the engine must not be built for it, or its key file read.
            return new EngineTaker(new Lazy<AnswerIngress>(services.GetRequiredService<AnswerIngress>));
        }

        return registered.IsService(typeof(Requester))
            ? ActivatorUtilities.CreateInstance<BusTaker>(services)
            : throw new SagaFlowException(
                "MapSagaFlowCallbacks needs an engine or a client in the same host. Call AddSagaFlow(...) or AddSagaFlowClient() first.");
    }
}
