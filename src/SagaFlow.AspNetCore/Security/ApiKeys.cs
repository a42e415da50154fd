using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace SagaFlow.AspNetCore.Security;

/// <summary>The configured API keys, as hashes: comparing them takes the same time, however much of a key is right.</summary>
internal sealed class ApiKeys(IOptions<SagaFlowHttpOptions> options)
{
    private readonly (string Holder, byte[] Hash)[] _keys = [.. options.Value.ApiKeys.Select(x => (x.Key, HashOf(x.Value)))];

    /// <summary>Gets who holds the key; <see langword="null"/> when nobody does.</summary>
    public string? FindHolder(string key)
    {
        var hash = HashOf(key);
        string? holder = null;
        foreach (var known in _keys)
        {
            holder = CryptographicOperations.FixedTimeEquals(known.Hash, hash) ? known.Holder : holder;
        }

        return holder;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
