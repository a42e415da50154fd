using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>The key that signs, and the keys of tokens still out that verify only. A ring of other keys may take its place while it is used;
/// every reader sees one of them whole.</summary>
internal sealed class KeyRing
{
    // The active key first.
    private volatile SigningKey[] _keys;

    /// <param name="active">The key that signs from now on.</param>
    /// <param name="verifyOnly">Earlier keys. Keep each for as long as the longest activity that it signed may last.</param>
    /// <exception cref="SagaFlowException">There is no active key, or two keys have the same id.</exception>
    public KeyRing(SigningKey? active, params IReadOnlyList<SigningKey> verifyOnly)
    {
        _keys = [active ?? throw new SagaFlowException("No key to sign task tokens with. Configure an active signing key."), .. verifyOnly];
        if (_keys.GroupBy(x => x.Id, StringComparer.Ordinal).FirstOrDefault(x => x.Count() > 1) is { } twice)
        {
            throw new SagaFlowException($"Signing key id '{twice.Key}' is used twice. Give each key an id of its own.");
        }
    }

    public SigningKey Active => _keys[0];

    /// <summary>The ids of all keys, the active one first.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Select(x => x.Id)];

    public SigningKey? Find(string keyId) => Array.Find(_keys, x => x.Id == keyId);

    /// <summary>Signs with another key and keeps all earlier ones for verifying.</summary>
    public KeyRing RotateTo(SigningKey key) => new(key, _keys);

    /// <summary>Revokes an earlier key: its tokens are refused from now on.</summary>
    public KeyRing Without(string keyId)
    {
        var keys = _keys;
        return keyId == keys[0].Id
            ? throw new SagaFlowException($"Signing key '{keyId}' is the active one. Rotate to another key before removing it.")
            : new KeyRing(keys[0], [.. keys[1..].Where(x => x.Id != keyId)]);
    }

    /// <summary>Takes the keys of another ring in place of its own, at once for everybody who uses it.</summary>
    public void TakeOver(KeyRing other) => _keys = other._keys;
}
