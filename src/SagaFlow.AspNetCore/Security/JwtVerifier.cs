using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SagaFlow.AspNetCore.Security;

/// <summary>Verifies tokens of the configured issuer, by the configured keys alone: nothing is fetched from an address that a token names.</summary>
internal sealed class JwtVerifier
{
    private const int LongestToken = 16 * 1024;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };
    private readonly TokenValidationParameters _parameters;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _skew;

    public JwtVerifier(IOptions<SagaFlowHttpOptions> options, TimeProvider clock)
    {
        var jwt = options.Value.Jwt;
        (_clock, _skew) = (clock, jwt.ClockSkew);
        _parameters = new TokenValidationParameters
        {
            ValidIssuer = jwt.Issuer,
            ValidAudience = jwt.Audience,
            IssuerSigningKeys = [.. jwt.Keys.Select(x => JwtKey.Read(x.Key, x.Value).Key!)],
            AlgorithmValidator = (algorithm, key, _, _) => JwtKey.AlgorithmsOf(key).Contains(algorithm),
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, to, _, _) => IsTime(from, to),
            NameClaimType = JwtRegisteredClaimNames.Sub,
            AuthenticationType = JwtHandler.Scheme,
        };
    }

    /// <summary>Verifies a token; the result says whether it lets its bearer in.</summary>
    public Task<TokenValidationResult> VerifyAsync(string token) => _handler.ValidateTokenAsync(token, _parameters);

    private bool IsTime(DateTime? from, DateTime? to)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return to is { } expiry && now < expiry + _skew && (from is null || now >= from - _skew);
    }
}
