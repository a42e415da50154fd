using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SagaFlow.AspNetCore.Security;

/// <summary>Lets the holder of an API key in: the header <c>X-Api-Key</c>, once.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the authentication scheme.</summary>
    public new const string Scheme = "SagaFlowApiKey";

    /// <summary>The header that a key comes in.</summary>
    public const string Header = "X-Api-Key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers[Header] switch
    {
        [] => AuthenticateResult.NoResult(),
        [{ } key] when keys.FindHolder(key) is { } holder => AuthenticateResult.Success(TicketOf(holder)),
        [_] => AuthenticateResult.Fail("The API key is not known"),
        _ => AuthenticateResult.Fail("There is more than one API key"),
    });

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Refusals.UnauthenticatedAsync(Context, Scheme);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Refusals.NotAllowedAsync(Context);

    private static AuthenticationTicket TicketOf(string holder) =>
        new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, holder)], Scheme)), Scheme);
}
