using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SagaFlow.AspNetCore.Security;

/// <summary>Lets the bearer of a token in that the configured issuer has signed: the header <c>Authorization: Bearer</c>, once.</summary>
internal sealed class JwtHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, JwtVerifier verifier)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the authentication scheme.</summary>
    public new const string Scheme = "SagaFlowJwt";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() => Request.Headers.Authorization switch
    {
        [] => AuthenticateResult.NoResult(),
        [{ } header] when header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) => await VerifyAsync(header[Bearer.Length..].Trim(' ')),
        [_] => AuthenticateResult.NoResult(),
        _ => AuthenticateResult.Fail("There is more than one Authorization header"),
    };

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Refusals.UnauthenticatedAsync(Context, "Bearer");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Refusals.NotAllowedAsync(Context);

    // Why it is refused is nobody's business but the issuer's: the caller is told the same for each reason.
    private async Task<AuthenticateResult> VerifyAsync(string token)
    {
        var verdict = await verifier.VerifyAsync(token);
        return verdict.IsValid
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(verdict.ClaimsIdentity), Scheme))
            : AuthenticateResult.Fail("The token is not valid here");
    }
}
