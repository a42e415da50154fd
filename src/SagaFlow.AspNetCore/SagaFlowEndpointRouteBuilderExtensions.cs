using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SagaFlow.AspNetCore.Callbacks;

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
}
