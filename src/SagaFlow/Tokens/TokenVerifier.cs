using System.Buffers.Text;
using System.Security.Cryptography;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Tokens;

/// <summary>Tells tokens that this deployment signed from all others. It reads no store: a forgery costs one HMAC.</summary>
/// <param name="keys">The keys whose tokens are genuine.</param>
/// <param name="deployment">The deployment whose tokens are taken: keys shared by mistake do not join two deployments.</param>
internal sealed class TokenVerifier(KeyRing keys, string deployment)
{
    private const int MaximumDecodedBytes = TaskToken.MaximumLength / 4 * 3;

    // Signs for key ids that nobody has, so that an unknown key costs what a wrong signature costs.
    private static readonly SigningKey Decoy = new("decoy", RandomNumberGenerator.GetBytes(SigningKey.MinimumBytes));

    /// <param name="token">The token as it came.</param>
    /// <param name="now">The instant that decides whether it has expired.</param>
    public TokenVerdict Verify(string? token, DateTimeOffset now) =>
        TaskToken.TryParse(token, out var parsed, out var problem) ? Verify(parsed, now) : TokenVerdict.Malformed(problem);

    /// <inheritdoc cref="Verify(string?, DateTimeOffset)"/>
    public TokenVerdict Verify(TaskToken token, DateTimeOffset now)
    {
        if (!IsSigned(token) && !Mutants.On(Mutant.SignatureUnchecked))
        {
            return TokenVerdict.Invalid;
        }

        // Claims are bytes of ours from here on; before, they were a stranger's and were not looked at.
        Span<byte> bytes = stackalloc byte[MaximumDecodedBytes];
        var length = Base64Url.DecodeFromChars(token.Claims, bytes);
        return TokenClaimsCodec.TryDecode(bytes[..length], out var claims) && claims.Deployment == deployment
            ? TokenVerdict.Genuine(claims, token.KeyId, expired: now >= claims.ExpiresAt)
            : TokenVerdict.Invalid;
    }

    private bool IsSigned(TaskToken token)
    {
        var key = keys.Find(token.KeyId);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        (key ?? Decoy).Sign(token.Signed, expected);

        Span<byte> mac = stackalloc byte[MaximumDecodedBytes];
        var length = Base64Url.DecodeFromChars(token.Mac, mac);
        return CryptographicOperations.FixedTimeEquals(expected, mac[..length]) & key is not null;
    }
}
