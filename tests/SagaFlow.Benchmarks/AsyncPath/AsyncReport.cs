using System.Globalization;
using System.Text.Json;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>The figures of all runs as a table, and as JSON.</summary>
internal static class AsyncReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string ToJson(IReadOnlyList<AsyncFigure> figures) => JsonSerializer.Serialize(figures, Options);

    public static void Print(IReadOnlyList<AsyncFigure> figures)
    {
        Console.WriteLine("| outstanding | variant | workflows/s (least – most) | p50 ms | p99 ms | CPU s per 1,000: all | by process | neighbours' share |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var runs in figures.GroupBy(x => (x.Window, x.Variant)))
        {
            Console.WriteLine(Row(runs.Key.Window, runs.Key.Variant, [.. runs]));
        }

        foreach (var window in figures.Select(x => x.Window).Distinct())
        {
            PrintRatio(window, [.. figures.Where(x => x.Window == window)]);
        }
    }

    private static string Row(int window, string variant, AsyncFigure[] runs)
    {
        var processes = runs[0].CpuPer1000.Keys.Select(name => Text($"{name} {Quantile.Median(runs.Select(x => x.CpuPer1000[name])):F2}"));
        return Text(
            $"| {window} | {variant} | {Quantile.Median(runs.Select(x => x.PerSecond)):F0} ({runs.Min(x => x.PerSecond):F0} – {runs.Max(x => x.PerSecond):F0}) ") + Text(
            $"| {Quantile.Median(runs.Select(x => x.P50)):F1} | {Quantile.Median(runs.Select(x => x.P99)):F1} | {Quantile.Median(runs.Select(x => x.CpuTotal)):F2} ") + Text(
            $"| {string.Join(", ", processes)} | {runs.Min(x => x.NeighboursShare):P0} – {runs.Max(x => x.NeighboursShare):P0} |");
    }

    // Each run against the one beside it, which had the same neighbours.
    private static void PrintRatio(int window, AsyncFigure[] figures)
    {
        var floor = figures.Where(x => x.Variant == Names.Floor).ToDictionary(x => x.Run);
        var ratios = figures.Where(x => x.Variant == Names.SagaFlow && floor.ContainsKey(x.Run))
            .Select(x => (Rate: x.PerSecond / floor[x.Run].PerSecond, Cpu: x.CpuTotal / floor[x.Run].CpuTotal)).ToArray();
        if (ratios.Length > 0)
        {
            Console.WriteLine(Text(
                $"{window} outstanding: {Quantile.Median(ratios.Select(x => x.Rate)):P0} of the floor's rate ({ratios.Min(x => x.Rate):P0} – {ratios.Max(x => x.Rate):P0}), ") + Text(
                $"{Quantile.Median(ratios.Select(x => x.Cpu)):F2} times its CPU ({ratios.Min(x => x.Cpu):F2} – {ratios.Max(x => x.Cpu):F2})"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
