using System.Text;

namespace SagaFlow.Contracts;

/// <summary>Makes a stranger's error text fit for a row and a screen: bounded, and without NUL.</summary>
internal static class ErrorText
{
    public const string Marker = "… [truncated]";

    private static readonly int Room = WireLimits.ErrorTextBytes - Encoding.UTF8.GetByteCount(Marker);

    public static string Clean(string text)
    {
        // A failure is taken even when its text is odd: refusing it would turn a clear failure into a timeout.
        text = text.Replace('\0', '\uFFFD');
        return Encoding.UTF8.GetByteCount(text) <= WireLimits.ErrorTextBytes ? text : Cut(text) + Marker;
    }

    private static string Cut(string text)
    {
        var (length, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > Room)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
