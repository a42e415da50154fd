using Microsoft.AspNetCore.Http;
using SagaFlow.AspNetCore.Callbacks;

namespace SagaFlow.AspNetCore.Security;

/// <summary>What a caller is told who may not call: the same whichever scheme says it, and once.</summary>
internal static class Refusals
{
    public static Task UnauthenticatedAsync(HttpContext http, string scheme) => WriteAsync(http, scheme, CallbackReply.Postpone(
        StatusCodes.Status401Unauthorized, "unauthenticated", $"Send an API key that is known here in the header {ApiKeyHandler.Header}, or a valid token where the host takes those"));

    public static Task NotAllowedAsync(HttpContext http) => WriteAsync(http, scheme: "", CallbackReply.Postpone(
        StatusCodes.Status403Forbidden, "not_allowed", "The caller is known and may not do this"));

    // Nothing of the body was read, and nothing will be.
    private static Task WriteAsync(HttpContext http, string scheme, CallbackReply reply) => http.Response.HasStarted
        ? Task.CompletedTask
        : (reply with { EndsConnection = HttpMethods.IsPost(http.Request.Method), Challenge = scheme }).WriteAsync(http.Response, TimeSpan.Zero);
}
