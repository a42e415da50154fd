using System.Security.Cryptography;

namespace SagaFlow.Client;

/// <summary>Random UUIDs (version 4): the one place where ids are drawn, so that tests and simulations can draw their own.</summary>
internal sealed class RandomIdSource : IIdSource
{
    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
