using System.Security.Cryptography;
using System.Text;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>The key that signs task tokens in measurements: known to the world, good for nothing else.</summary>
internal static class MeasuredKey
{
    public static byte[] Bytes { get; } = SHA256.HashData(Encoding.ASCII.GetBytes("a key for measurements"));

    public static string Base64 { get; } = Convert.ToBase64String(Bytes);
}
