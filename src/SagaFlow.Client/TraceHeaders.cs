using System.Collections.Frozen;
using System.Diagnostics;

namespace SagaFlow.Client;

/// <summary>Says on the bus in whose trace a message was sent, as HTTP does by itself.</summary>
internal static class TraceHeaders
{
    /// <summary>The header <c>traceparent</c> (W3C) of what runs now; no header when nobody traces.</summary>
    public static IReadOnlyDictionary<string, string> Current =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id }
            ? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["traceparent"] = id }
            : FrozenDictionary<string, string>.Empty;
}
