using System.Security.Cryptography;
using System.Text;
using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>A secret that signs task tokens, and the id by which tokens name it.</summary>
internal sealed class SigningKey
{
    public const int MinimumBytes = 32;

    private readonly byte[] _secret;

    /// <param name="id">The key's id: 1 to 16 characters of [a-zA-Z0-9_-].</param>
    /// <param name="secret">At least 32 random bytes; copied.</param>
    /// <exception cref="SagaFlowException">The id has another form, or the secret is missing, short or all one byte.</exception>
    public SigningKey(string id, ReadOnlySpan<byte> secret)
    {
        if (!TaskToken.IsKeyId(id))
        {
            throw new SagaFlowException($"Signing key id '{id}' is not 1 to {TaskToken.MaximumKeyIdLength} characters of [a-zA-Z0-9_-].");
        }

        if (FindProblem(secret) is { } problem)
        {
            throw new SagaFlowException($"Signing key '{id}' {problem}. Use {MinimumBytes} random bytes, as 'openssl rand' makes them.");
        }

        Id = id;
        _secret = secret.ToArray();
    }

    public string Id { get; }

    public void Sign(ReadOnlySpan<char> text, Span<byte> mac)
    {
        Span<byte> bytes = stackalloc byte[TaskToken.MaximumLength];
        HMACSHA256.HashData(_secret, bytes[..Encoding.ASCII.GetBytes(text, bytes)], mac);
    }

    /// <summary>Derives a key for another purpose, from which nobody learns this one.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, MinimumBytes, info: Encoding.UTF8.GetBytes(purpose));

    public override string ToString() => $"SigningKey {Id}";

    private static string? FindProblem(ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty)
        {
            return "is missing";
        }

        if (secret.Length < MinimumBytes)
        {
            return $"is only {secret.Length} bytes long";
        }

        return secret.ContainsAnyExcept(secret[0]) ? null : "is one byte repeated";
    }
}
