using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.AspNetCore.Callbacks;

namespace SagaFlow.AspNetCore.Security;

/// <summary>Lets the holder of an API key in: the header <c>X-Api-Key</c>, once.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the authentication scheme.</summary>
    public new const string Scheme = "SagaFlowApiKey";

    private const string Header = "X-Api-Key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers[Header] switch
    {
        [] => AuthenticateResult.NoResult(),
        [{ } key] when keys.FindHolder(key) is { } holder => AuthenticateResult.Success(TicketOf(holder)),
        [_] => AuthenticateResult.Fail("The API key is not known"),
        _ => AuthenticateResult.Fail("There is more than one API key"),
    });

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        RefuseAsync(CallbackReply.Postpone(StatusCodes.Status401Unauthorized, "unauthenticated", $"Send an API key that is known here in the header {Header}"));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        RefuseAsync(CallbackReply.Postpone(StatusCodes.Status403Forbidden, "not_allowed", "The caller is known and may not do this"));

    private static AuthenticationTicket TicketOf(string holder) =>
        new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, holder)], Scheme)), Scheme);

    // Nothing of the body was read, and nothing will be.
    private Task RefuseAsync(CallbackReply reply) =>
        Response.HasStarted ? Task.CompletedTask : (reply with { EndsConnection = HttpMethods.IsPost(Request.Method), Challenge = Scheme }).WriteAsync(Response, TimeSpan.Zero);
}
