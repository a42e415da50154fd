using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SagaFlow.Benchmarks.Floor;

/// <summary>Task tokens as <c>wire/README.md</c> lays them down, minted and verified with as little as it takes.</summary>
internal sealed class FloorToken(byte[] key, string deployment, string workflowType)
{
    private const string Prefix = "sf1.k1.";
    private const int MacLength = 43;
    private const byte AllScopes = 15;
    private static readonly byte[] ActivityId = Encoding.ASCII.GetBytes(FloorNames.ActivityId);

    private readonly byte[] _tail =
    [
        (byte)deployment.Length, .. Encoding.ASCII.GetBytes(deployment),
        (byte)workflowType.Length, .. Encoding.ASCII.GetBytes(workflowType),
        .. ActivityId,
    ];

    public string Mint(Guid workflowId, DateTimeOffset expiresAt)
    {
        Span<byte> claims = stackalloc byte[27 + _tail.Length];
        (claims[0], claims[1]) = (1, AllScopes);
        BinaryPrimitives.WriteInt32BigEndian(claims[2..], 1);
        Span<byte> seconds = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(seconds, expiresAt.ToUnixTimeSeconds() + 1);
        seconds[3..].CopyTo(claims[6..]);
        workflowId.TryWriteBytes(claims[11..], bigEndian: true, out _);
        _tail.CopyTo(claims[27..]);
        var signed = Prefix + Base64Url.EncodeToString(claims);
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Verifies a token.</summary>
    /// <returns>The workflow's id; <see langword="null"/> when the token is not genuine.</returns>
    public Guid? Verify(string token, byte scope)
    {
        var dot = token.Length - MacLength - 1;
        if (dot <= Prefix.Length || token[dot] != '.' || !token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        Span<byte> given = stackalloc byte[32];
        var mac = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(token, 0, dot));
        if (!Base64Url.TryDecodeFromChars(token.AsSpan(dot + 1), given, out var written) || written != 32 || !CryptographicOperations.FixedTimeEquals(mac, given))
        {
            return null;
        }

        var claims = Base64Url.DecodeFromChars(token.AsSpan(Prefix.Length, dot - Prefix.Length));
        return (claims[1] & scope) != 0 && claims.AsSpan(27).SequenceEqual(_tail) ? new Guid(claims.AsSpan(11, 16), bigEndian: true) : null;
    }
}

/// <summary>The scopes that are asked for.</summary>
internal static class FloorNames
{
    public const string Activity = "Work";
    public const string ActivityId = "Work-1";
    public const byte StartedScope = 1;
    public const byte CompleteScope = 4;
}
