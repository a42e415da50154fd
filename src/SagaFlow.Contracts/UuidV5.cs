using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SagaFlow.Contracts;

/// <summary>Name-based UUIDs of version 5 (RFC 4122, section 4.3).</summary>
internal static class UuidV5
{
    // A text that is no UTF-16 must not turn into the same bytes as another one.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The RFC fixes SHA-1. The ids are names, not proofs: nothing is trusted because of them.
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Fixed by RFC 4122.")]
    public static Guid Create(Guid space, string name)
    {
        var text = new byte[16 + StrictUtf8.GetByteCount(name)];
        space.TryWriteBytes(text, bigEndian: true, out _);
        StrictUtf8.GetBytes(name, text.AsSpan(16));

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(text, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
