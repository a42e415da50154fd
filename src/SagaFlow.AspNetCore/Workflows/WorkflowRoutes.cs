using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.AspNetCore.Security;
using SagaFlow.Client;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Ingress;

namespace SagaFlow.AspNetCore.Workflows;

/// <summary>The paths of the calls about workflows, who may make them, and the endpoint behind them.</summary>
internal static class WorkflowRoutes
{
    private const string Root = $"/workflows/{{{WorkflowCalls.Name}}}";

    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string prefix)
    {
        var services = endpoints.ServiceProvider;
        if (services.GetService<ApiKeys>() is null)
        {
            throw new SagaFlowException("MapSagaFlowWorkflows needs to know who may call. Call AddSagaFlowHttp(...) first.");
        }

        var endpoint = CreateEndpoint(services);
        var group = endpoints.MapGroup(prefix);
        MapRoot(group, endpoint);
        MapVerb(group, "signal", endpoint, WorkflowVerb.Signal);
        MapVerb(group, "cancel", endpoint, WorkflowVerb.Cancel);
        MapVerb(group, "result", endpoint, WorkflowVerb.Query(QueryTopic.Result));
        MapVerb(group, "history", endpoint, WorkflowVerb.Query(QueryTopic.History));
        MapVerb(group, "activities", endpoint, WorkflowVerb.Query(QueryTopic.Activities));
        return Guard(group, services.GetRequiredService<IOptions<SagaFlowHttpOptions>>().Value);
    }

    // A start names the type where a query names the workflow: the method tells them apart.
    private static void MapRoot(RouteGroupBuilder group, WorkflowEndpoint endpoint)
    {
        var query = WorkflowVerb.Query(QueryTopic.Workflow);
        group.Map(Root, http => endpoint.HandleAsync(http, http.Request.Method == query.Method ? query : WorkflowVerb.Start));
    }

    // Mapped for every method, so that a wrong one is refused in the same words as everything else.
    private static void MapVerb(RouteGroupBuilder group, string path, WorkflowEndpoint endpoint, WorkflowVerb verb) =>
        group.Map($"{Root}/{path}", http => endpoint.HandleAsync(http, verb));

    private static RouteGroupBuilder Guard(RouteGroupBuilder group, SagaFlowHttpOptions options)
    {
        if (options.AllowAnonymous)
        {
            return group.AllowAnonymous();
        }

        // Named schemes only: a cookie of the application's lets nobody in, so that no other page can make a browser call.
        // The schemes from here are challenged last, because they write the reply's body.
        string[] schemes =
        [
            .. options.AuthenticationSchemes,
            .. options.Jwt.IsUsed ? [JwtHandler.Scheme] : Array.Empty<string>(),
            .. options.ApiKeys.Count > 0 ? [ApiKeyHandler.Scheme] : Array.Empty<string>(),
        ];
        return group.RequireAuthorization(new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().Build());
    }

    private static WorkflowEndpoint CreateEndpoint(IServiceProvider services)
    {
        var endpoint = new WorkflowEndpoint(
            new Lazy<IRoad>(ChooseRoad(services)),
            new Lazy<IIdSource>(services.GetRequiredService<IIdSource>),
            CallbackLimits.Of(services),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<WorkflowEndpoint>>());
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(endpoint.Dispose);
        return endpoint;
    }

    private static Func<IRoad> ChooseRoad(IServiceProvider services)
    {
        var registered = services.GetRequiredService<IServiceProviderIsService>();
        if (registered.IsService(typeof(StartIngress)))
        {
            return () => new EngineRoad(services);
        }

        return registered.IsService(typeof(IRoad))
            ? services.GetRequiredService<IRoad>
            : throw new SagaFlowException(
                "MapSagaFlowWorkflows needs an engine or a client in the same host. Call AddSagaFlow(...) or AddSagaFlowClient() first.");
    }
}
