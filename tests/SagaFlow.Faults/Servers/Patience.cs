using System.Diagnostics;

namespace SagaFlow.Faults.Servers;

/// <summary>Waits for what other processes do.</summary>
internal static class Patience
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not come to it.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, double seconds = 60)
    {
        if (!await HoldsWithinAsync(condition, seconds))
        {
            throw new TimeoutException($"It did not come to it within {seconds} s that {what}.");
        }
    }

    public static async Task<bool> HoldsWithinAsync(Func<Task<bool>> condition, double seconds)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                return false;
            }

            await Task.Delay(Interval);
        }

        return true;
    }
}
