using System.Globalization;
using System.Text.RegularExpressions;

namespace SagaFlow.Contracts;

/// <summary>Instants as RFC 3339 writes them. The offset is required: an instant without one depends on who reads it.</summary>
internal static partial class Rfc3339
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private static readonly string[] Read = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        var match = Shape().Match(text);
        if (!match.Success)
        {
            return false;
        }

        // Seven digits are what a tick can hold; more are legal and cut.
        var fraction = match.Groups["fraction"].Value;
        var cut = match.Groups["second"].Value + (fraction.Length > 8 ? fraction[..8] : fraction) + match.Groups["offset"].Value;
        return DateTimeOffset.TryParseExact(
            cut.ToUpperInvariant(), Read, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
    }

    [GeneratedRegex(@"\A(?<second>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]{1,32})?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
