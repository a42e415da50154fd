using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SagaFlow.Tests;

/// <summary>What the engine and its workers measure, of one type of workflow or of all.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, string[] Tags, double Value)> _taken = new();

    public Measurements(string? type)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is "SagaFlow" or "SagaFlow.Worker")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags, type));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags, type));
        _listener.Start();
    }

    public IEnumerable<double> Of(string instrument, params string[] tags) =>
        _taken.Where(x => x.Instrument == instrument && tags.All(x.Tags.Contains)).Select(x => x.Value);

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, string? type)
    {
        var texts = tags.ToArray().Select(x => $"{x.Key}={x.Value}").ToArray();
        if (type is null || texts.Contains($"workflow_type={type}"))
        {
            _taken.Enqueue((instrument.Name, texts, value));
        }
    }
}
