using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataRouting.Output;

/// <summary>How a packet ended: the line that is printed for it.</summary>
/// <param name="Id">Which packet.</param>
/// <param name="Status"><c>delivered</c>, <c>undelivered</c> or <c>failed</c>.</param>
/// <param name="Provider">Who delivered it; null when nobody did.</param>
/// <param name="FailedProviders">Who did not, in the order in which they were tried.</param>
/// <param name="Attempts">How many providers were tried.</param>
/// <param name="DurationMs">From the start of its workflow to its end, in whichever runs that was.</param>
public sealed record PacketOutcome(
    string Id, string Status, string? Provider, IReadOnlyList<string> FailedProviders, int Attempts, long DurationMs)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
