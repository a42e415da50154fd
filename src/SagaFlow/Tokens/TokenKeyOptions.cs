namespace SagaFlow;

/// <summary>The keys that sign and verify task tokens: the configuration section <c>SagaFlow:TokenKeys</c>, or the delegate of
/// <see cref="SagaFlowBuilder.UseTokenKeys"/>.</summary>
/// <remarks>All engines of a deployment have the same keys. To rotate, add the new key everywhere, then make it the active one, and
/// remove the old one when the longest activity that it signed is over. A running engine takes over what changes in the section, where its
/// source tells of changes, such as a JSON file; to remove a key is to revoke it. Metric <c>sagaflow.tokens</c> counts the tokens of each key.</remarks>
public sealed class TokenKeyOptions
{
    /// <summary>Gets or sets the id of the key that signs. The others only verify.</summary>
    /// <value>The default is <see langword="null"/>, which will do when there is one key.</value>
    public string? Active { get; set; }

    /// <summary>Gets the keys by their ids (1 to 16 characters of [a-zA-Z0-9_-]), each at least 32 random bytes in base64, such as
    /// <c>openssl rand -base64 32</c> prints them.</summary>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
