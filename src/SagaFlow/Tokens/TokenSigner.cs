using System.Buffers.Text;
using System.Security.Cryptography;
using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>Mints task tokens with the ring's active key. The same claims and key give the same token.</summary>
internal sealed class TokenSigner(KeyRing keys)
{
    /// <summary>Gets the id of the key that signs, which is kept with the activity.</summary>
    public string KeyId => keys.Active.Id;

    /// <exception cref="SagaFlowException">A name in the claims is empty or too long for a token.</exception>
    public TaskToken Mint(TokenClaims claims)
    {
        var key = keys.Active;
        var signed = $"{TaskToken.Prefix}{key.Id}.{Base64Url.EncodeToString(TokenClaimsCodec.Encode(claims))}";
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        key.Sign(signed, mac);
        return TaskToken.Parse($"{signed}.{Base64Url.EncodeToString(mac)}");
    }
}
