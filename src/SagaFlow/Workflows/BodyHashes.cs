using System.Security.Cryptography;
using System.Text;

namespace SagaFlow.Workflows;

/// <summary>SHA-256 in base64: tells a repeat from another content under the same name.</summary>
internal static class BodyHashes
{
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(SHA256.HashData(bytes));
}
