using System.Text;
using System.Text.RegularExpressions;

namespace SagaFlow.Contracts;

/// <summary>Cuts task tokens out of texts and bodies that are kept or shown, such as those in quarantine. Whatever begins like a
/// token goes, whole or broken: a token with a letter too many still tells most of the right one.</summary>
internal static partial class TokenScrubber
{
    private const string Replacement = "${head}[redacted]";

    public static string Scrub(string text) => Token().Replace(text, Replacement);

    /// <summary>Scrubs a body in any encoding that has ASCII; all other bytes stay as they are.</summary>
    public static byte[] Scrub(ReadOnlySpan<byte> body) => Encoding.Latin1.GetBytes(Scrub(Encoding.Latin1.GetString(body)));

    // The dots may be escaped: JSON allows it.
    [GeneratedRegex(@"(?<head>sf[0-9]{1,3}(?:\.|\\u002e)[a-zA-Z0-9_-]{0,64}(?:\.|\\u002e))(?:[a-zA-Z0-9_=+/.-]|\\u00(?:2[bdef]|3d))+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
