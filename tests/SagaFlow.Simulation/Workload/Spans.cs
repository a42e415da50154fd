namespace SagaFlow.Simulation.Workload;

/// <summary>Durations in ticks of virtual time.</summary>
internal static class Spans
{
    public const long Millisecond = TimeSpan.TicksPerMillisecond;
    public const long Second = TimeSpan.TicksPerSecond;
    public const long Minute = TimeSpan.TicksPerMinute;
    public const long Hour = TimeSpan.TicksPerHour;
    public const long Day = TimeSpan.TicksPerDay;

    /// <summary>What virtual time counts from.</summary>
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Instant(long at) => new(Epoch.Ticks + at, TimeSpan.Zero);

    public static long At(DateTimeOffset instant) => instant.UtcTicks - Epoch.Ticks;
}
