using System.Text;
using Microsoft.Extensions.Configuration;
using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>Makes the key ring of keys that an operator wrote down. What could be guessed is refused.</summary>
internal static class ConfiguredKeys
{
    /// <summary>The configuration section.</summary>
    public const string Section = "SagaFlow:TokenKeys";

    private const string HowTo = $"Set {Section}:Keys:<id> to 32 random bytes in base64, as 'openssl rand -base64 32' prints them.";

    // What samples and compose files are signed with, for the whole world to read.
    private static readonly byte[] SamplePrefix = Encoding.ASCII.GetBytes("sagaflow-sample-key");

    /// <summary>Reads the keys of the section; there are none when it is missing.</summary>
    public static TokenKeyOptions Read(IConfiguration? configuration)
    {
        var options = new TokenKeyOptions();
        if (configuration?.GetSection(Section) is not { } section)
        {
            return options;
        }

        options.Active = section[nameof(TokenKeyOptions.Active)];
        foreach (var key in section.GetSection(nameof(TokenKeyOptions.Keys)).GetChildren())
        {
            options.Keys[key.Key] = key.Value ?? "";
        }

        return options;
    }

    /// <summary>Makes the ring.</summary>
    /// <param name="options">The keys.</param>
    /// <param name="isDevelopment">Whether a sample's key will do.</param>
    /// <exception cref="SagaFlowException">There is no key, no active one, or one that is short, a sample's or no key at all.</exception>
    public static KeyRing ToRing(TokenKeyOptions options, bool isDevelopment)
    {
        if (options.Keys.Count == 0)
        {
            throw new SagaFlowException($"No keys to sign task tokens with: engines that share a database share their keys. {HowTo}");
        }

        var activeId = options.Active ?? (options.Keys.Count == 1
            ? options.Keys.Keys.Single()
            : throw new SagaFlowException($"There are {options.Keys.Count} keys for task tokens. Name the one that signs in {Section}:Active."));
        if (!options.Keys.ContainsKey(activeId))
        {
            throw new SagaFlowException($"The active key '{activeId}' is not among the keys for task tokens. {HowTo}");
        }

        var keys = options.Keys.Select(x => ToKey(x.Key, x.Value, isDevelopment)).ToList();
        return new KeyRing(keys.Single(x => x.Id == activeId), [.. keys.Where(x => x.Id != activeId)]);
    }

    private static SigningKey ToKey(string id, string text, bool isDevelopment)
    {
        byte[] secret;
        try
        {
            secret = Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new SagaFlowException($"Signing key '{id}' is no base64. {HowTo}", e);
        }

        if (!isDevelopment && secret.AsSpan().StartsWith(SamplePrefix))
        {
            throw new SagaFlowException($"Signing key '{id}' is the key of a sample, which everybody knows. {HowTo}");
        }

        return new SigningKey(id, secret);
    }
}
