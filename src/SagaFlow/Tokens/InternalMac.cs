using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SagaFlow.Client.Bus;

namespace SagaFlow.Tokens;

/// <summary>Signs the engine's own messages with the active token key, so that nobody else can ring a deadline.</summary>
internal sealed class InternalMac(KeyRing keys)
{
    private const string Header = "sagaflow-mac";

    public RawMessage Sign(RawMessage message) =>
        message with { Headers = new Dictionary<string, string>(message.Headers) { [Header] = MacOf(keys.Active, message.Body.Span) } };

    public bool Verifies(RawMessage message) =>
        message.Headers.TryGetValue(Header, out var mac)
        && mac.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        && keys.Find(mac[..dot]) is { } key
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(mac), Encoding.UTF8.GetBytes(MacOf(key, message.Body.Span)));

    // The text begins unlike any token, so that neither signature can stand for the other.
    private static string MacOf(SigningKey key, ReadOnlySpan<byte> body)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        key.Sign($"internal\n{Convert.ToHexString(SHA256.HashData(body))}", mac);
        return $"{key.Id}.{Base64Url.EncodeToString(mac)}";
    }
}
