namespace SagaFlow.Benchmarks;

/// <summary>Quantiles of times that were measured.</summary>
internal static class Quantile
{
    /// <summary>Returns the time, in milliseconds, that this share of all did not exceed; NaN when there are none.</summary>
    public static double Of(IReadOnlyCollection<TimeSpan> times, double share) =>
        times.Count == 0 ? double.NaN : times.Order().ElementAt(Math.Max((int)Math.Ceiling(times.Count * share) - 1, 0)).TotalMilliseconds;

    /// <summary>Returns the value in the middle; the mean of the two when their number is even.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
