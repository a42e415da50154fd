using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.AspNetCore.OpenApi;
using SagaFlow.AspNetCore.Workflows;

namespace SagaFlow;

/// <summary>Adds SagaFlow's HTTP endpoints to an application.</summary>
public static class SagaFlowEndpointRouteBuilderExtensions
{
    /// <summary>Maps <c>POST /activities/{complete|fail|heartbeat|started|canceled|released}</c>: whoever holds a task token answers its activity.</summary>
    /// <remarks>
    /// <para>The token comes as <c>Authorization: Bearer</c>, or as <c>taskToken</c> in the JSON body, and is all that authorises the
    /// call: the endpoints are open to anonymous callers. The body holds the answer's other fields. The reply is the receipt, given
    /// after the change is committed, with the HTTP status of its disposition; a refusal also has a stable <c>code</c>, and
    /// <c>type</c>, <c>title</c> and <c>status</c> as in RFC 9457. A 503 or 408 without a disposition says: send the same again.</para>
    /// <para>An engine in the same host takes the answers itself; otherwise they go by the bus through the client. A body may have
    /// 262,144 bytes and take 15 seconds to arrive; 256 calls are served at once.</para>
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">A path to put in front, such as <c>/sagaflow</c>; by default there is none.</param>
    /// <returns>The endpoints as a group, to add conventions such as rate limits to.</returns>
    /// <exception cref="SagaFlow.Contracts.SagaFlowException">The host has neither an engine nor a client.</exception>
    public static IEndpointConventionBuilder MapSagaFlowCallbacks(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        return CallbackRoutes.Map(endpoints, prefix, CallbackRoutes.CreateEndpoint(endpoints.ServiceProvider));
    }

    /// <summary>Maps <c>POST /workflows/{type}</c> (start), <c>POST /workflows/{id}/signal</c> and <c>/cancel</c>, and
    /// <c>GET /workflows/{id}</c>, <c>/result</c>, <c>/history</c> and <c>/activities</c>.</summary>
    /// <remarks>
    /// <para>Callers say who they are, by an API key or by a scheme of the application's: see <see cref="SagaFlowHttpOptions"/>. A cookie is no such
    /// scheme unless it is named there. The body of a start is the start message; that of a signal is <c>{"event":…,"message":…}</c>, that of a
    /// cancellation <c>{"reason":…}</c> or nothing. An <c>Idempotency-Key</c> of at most 128 characters makes a repeated start or signal one message;
    /// without it the same content is the same message.</para>
    /// <para>A reply is given after the change is committed; a query shows every change that was acknowledged before. Refusals are
    /// problems as those of the callbacks. An engine in the same host does the work itself; otherwise the client does.</para>
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">A path to put in front, such as <c>/sagaflow</c>; by default there is none.</param>
    /// <returns>The endpoints as a group, to add conventions such as a policy to.</returns>
    /// <exception cref="SagaFlow.Contracts.SagaFlowException">The host has neither an engine nor a client, or <c>AddSagaFlowHttp</c> was not called.</exception>
    public static IEndpointConventionBuilder MapSagaFlowWorkflows(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        return WorkflowRoutes.Map(endpoints, prefix);
    }

    /// <summary>Maps <c>GET /openapi/sagaflow.json</c>: the OpenAPI 3.1 document of the callbacks and of the calls about workflows, for anybody.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">The prefix that the other endpoints were mapped with; it stands in the document as well.</param>
    public static IEndpointConventionBuilder MapSagaFlowOpenApi(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var document = OpenApiDocument.Read(prefix);
        return endpoints.MapGet($"{prefix}/openapi/sagaflow.json", () => Results.Bytes(document, "application/json")).AllowAnonymous();
    }
}
