using System.Buffers;

namespace SagaFlow.Contracts;

/// <summary>The one spelling of each byte string: base64url without padding, unused trailing bits zero. The library's
/// decoder also takes padding and white space, so that one token would have many spellings.</summary>
internal static class StrictBase64Url
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    public static bool HasAlphabet(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Characters);

    public static bool IsCanonical(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !HasAlphabet(text))
        {
            return false;
        }

        var unusedBits = (text.Length % 4) switch { 0 => 0b0, 2 => 0b1111, 3 => 0b11, _ => -1 };
        return unusedBits >= 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unusedBits) == 0;
    }
}
