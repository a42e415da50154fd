using System.Globalization;

namespace DataRouting.Output;

/// <summary>Counts what was printed.</summary>
public sealed class Summary
{
    private readonly SortedDictionary<string, int> _byStatus = new(StringComparer.Ordinal)
    {
        ["delivered"] = 0, ["undelivered"] = 0, ["failed"] = 0,
    };

    private int _attempts;

    public int Packets { get; private set; }

    public void Count(PacketOutcome outcome)
    {
        Packets++;
        _byStatus[outcome.Status]++;
        _attempts += outcome.Attempts;
    }

    public string ToText(TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Packets} packets: {_byStatus["delivered"]} delivered, {_byStatus["undelivered"]} undelivered, {_byStatus["failed"]} failed; {_attempts} transmissions; {elapsed.TotalSeconds:0.0} s");
}
