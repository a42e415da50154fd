using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace SagaFlow.AspNetCore.Security;

/// <summary>Reads a key of an issuer's. Its kind decides by which algorithms it verifies, whatever a token says.</summary>
internal static class JwtKey
{
    private const int ShortestSecret = 32;
    private const int ShortestRsa = 2_048;

    /// <summary>Reads the key, or says what is wrong with it, without quoting it.</summary>
    public static (SecurityKey? Key, string? Problem) Read(string id, string? text) => text switch
    {
        null or "" => (null, "is missing"),
        _ when text.Contains("PRIVATE KEY", StringComparison.Ordinal) => (null, "is a private key, which belongs to the issuer alone; give the public one"),
        _ when text.TrimStart().StartsWith("-----BEGIN", StringComparison.Ordinal) => ReadPem(id, text),
        _ => ReadSecret(id, text),
    };

    /// <summary>The algorithms by which a key verifies.</summary>
    public static string[] AlgorithmsOf(SecurityKey key) => key switch
    {
        RsaSecurityKey =>
        [
            SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
            SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        ],
        ECDsaSecurityKey { KeySize: 256 } => [SecurityAlgorithms.EcdsaSha256],
        ECDsaSecurityKey { KeySize: 384 } => [SecurityAlgorithms.EcdsaSha384],
        ECDsaSecurityKey => [SecurityAlgorithms.EcdsaSha512],
        _ => [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512],
    };

    private static (SecurityKey? Key, string? Problem) ReadPem(string id, string pem)
    {
        if (TryImport(() => RSA.Create(), pem) is { } rsa)
        {
            return rsa.KeySize >= ShortestRsa
                ? (new RsaSecurityKey(rsa) { KeyId = id }, null)
                : (null, $"has only {rsa.KeySize} bits; {ShortestRsa} are needed");
        }

        return TryImport(() => ECDsa.Create(), pem) is { KeySize: 256 or 384 or 521 } curve
            ? (new ECDsaSecurityKey(curve) { KeyId = id }, null)
            : (null, "is no public key of RSA or of the curves P-256, P-384 and P-521 in PEM");
    }

    private static TKey? TryImport<TKey>(Func<TKey> create, string pem)
        where TKey : AsymmetricAlgorithm
    {
        var key = create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static (SecurityKey? Key, string? Problem) ReadSecret(string id, string text)
    {
        var secret = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, secret, out var length))
        {
            return (null, "is neither a public key in PEM nor a secret in base64");
        }

        return length >= ShortestSecret && secret[..length].Distinct().Count() >= 8
            ? (new SymmetricSecurityKey(secret[..length]) { KeyId = id }, null)
            : (null, $"is a secret that can be guessed; {ShortestSecret} random bytes are needed");
    }
}
