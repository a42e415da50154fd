using System.Diagnostics;

namespace SagaFlow.Benchmarks.Processes;

/// <summary>Measures the processor time of named processes between two instants.</summary>
internal sealed class CpuMeter(IReadOnlyDictionary<string, Func<double>> sources)
{
    private Dictionary<string, double> _before = [];
    private (double Busy, double All) _machineBefore;
    private long _at;

    public void Start()
    {
        _before = sources.ToDictionary(x => x.Key, x => x.Value());
        _machineBefore = CpuTimes.OfMachine();
        _at = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends the measurement.</summary>
    public CpuUse Stop()
    {
        var elapsed = Stopwatch.GetElapsedTime(_at);
        var used = sources.ToDictionary(x => x.Key, x => x.Value() - _before[x.Key]);
        var (busy, all) = CpuTimes.OfMachine();
        var others = Math.Max(0, busy - _machineBefore.Busy - used.Values.Sum());
        return new CpuUse(elapsed, used, others / Math.Max(all - _machineBefore.All, 0.01));
    }
}

/// <summary>What was used in a span of time.</summary>
/// <param name="Elapsed">The span.</param>
/// <param name="Seconds">Processor seconds by the name of the process.</param>
/// <param name="NeighboursShare">The share of all processors, 0 to 1, that went to anybody else.</param>
internal sealed record CpuUse(TimeSpan Elapsed, IReadOnlyDictionary<string, double> Seconds, double NeighboursShare);
