using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace SagaFlow.Benchmarks.Processes;

/// <summary>Adds up what this process counts on the engine's meter, for the process that started it.</summary>
internal sealed class RoleCounters : IDisposable
{
    private const string Prefix = "counter ";

    private readonly ConcurrentDictionary<string, long> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public RoleCounters()
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is Counter<long> && instrument.Meter.Name == "SagaFlow")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    /// <summary>The line that tells a counter's sum, zero when it never counted.</summary>
    public string Tell(string name) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_sums.GetValueOrDefault(name)}");

    /// <summary>Reads a line that <see cref="Tell"/> made; <see langword="null"/> when it is some other line.</summary>
    public static long? Read(string line) =>
        line.StartsWith(Prefix, StringComparison.Ordinal) ? long.Parse(line.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public void Dispose() => _listener.Dispose();
}
