namespace SagaFlow.Simulation.Oracle;

/// <summary>The policy of one activity as plain numbers. Durations are ticks; -1 stands for none.</summary>
internal sealed record Terms
{
    public const long None = -1;

    public long ScheduleToStart { get; init; } = None;
    public long StartToClose { get; init; } = None;
    public long ScheduleToClose { get; init; } = None;
    public long Heartbeat { get; init; } = None;
    public long InitialInterval { get; init; }
    public double Coefficient { get; init; }
    public long MaximumInterval { get; init; }
    public int MaximumAttempts { get; init; } = int.MaxValue;
    public double Jitter { get; init; }
    public IReadOnlyList<string> FinalTypes { get; init; } = [];
    public LateRule Late { get; init; }

    /// <summary>The shortest and the longest wait after the n-th counted attempt.</summary>
    public (long Shortest, long Longest) WaitAfter(int n)
    {
        double wait = InitialInterval;
        for (var i = 1; i < n && wait < MaximumInterval; i++)
        {
            wait *= Coefficient;
        }

        wait = Math.Min(wait, MaximumInterval);

        // Whole microseconds, and a tick to both sides: powers and products of doubles are not exact.
        return ((long)(wait * (1 - Jitter)) - TimeSpan.TicksPerMicrosecond, (long)(wait * (1 + Jitter)) + 1);
    }
}
