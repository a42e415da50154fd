using System.Text;

namespace SagaFlow.Storage.Postgres;

/// <summary>What PostgreSQL takes as text: UTF-8 without the character U+0000.</summary>
internal static class PostgresText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Counts the bytes of a text that is to be stored as it is.</summary>
    /// <exception cref="StorageLimitException">The database cannot keep it.</exception>
    public static int CountBytes(string what, string? text)
    {
        if (text is null)
        {
            return 0;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw StorageLimitException.HoldsNul(what);
        }

        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new StorageLimitException(what, e);
        }
    }

    /// <summary>Replaces what cannot be kept, in a text for people.</summary>
    public static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }

        // The lenient encoding writes U+FFFD for a lone surrogate.
        var clean = text.Replace('\0', '\uFFFD');
        return clean.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)) : clean;
    }
}
