using System.Globalization;
using SagaFlow.Benchmarks.Processes;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>One run of one variant.</summary>
/// <param name="Variant">Whose engine.</param>
/// <param name="Window">How many workflows were outstanding.</param>
/// <param name="Run">Which run, from 1.</param>
/// <param name="PerSecond">Workflows that ended each second.</param>
/// <param name="P50">Median time from start to result as the caller sees it, in milliseconds.</param>
/// <param name="P99">The same, of the slowest hundredth.</param>
/// <param name="CpuPer1000">Processor seconds for 1,000 workflows, by process.</param>
/// <param name="NeighboursShare">The share of the machine's processors that others used meanwhile, 0 to 1.</param>
internal sealed record AsyncFigure(
    string Variant, int Window, int Run, double PerSecond, double P50, double P99, IReadOnlyDictionary<string, double> CpuPer1000, double NeighboursShare)
{
    public double CpuTotal => CpuPer1000.Values.Sum();

    public static AsyncFigure Of(string variant, int window, int run, List<TimeSpan> took, CpuUse used) => new(
        variant,
        window,
        run,
        took.Count / used.Elapsed.TotalSeconds,
        Quantile.Of(took, 0.5),
        Quantile.Of(took, 0.99),
        used.Seconds.ToDictionary(x => x.Key, x => x.Value / Math.Max(took.Count, 1) * 1000),
        used.NeighboursShare);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Variant,-9} {Window,4} run {Run}: {PerSecond,7:F0}/s  p50 {P50,7:F1} ms  p99 {P99,7:F1} ms  CPU s per 1,000 {CpuTotal:F2} ({string.Join(", ", CpuPer1000.Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Key} {x.Value:F2}")))})  neighbours {NeighboursShare:P0}");
}
