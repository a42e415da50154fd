namespace SagaFlow.Testing;

/// <summary>The harness's clock as the worker sees it: its own timers, such as the one for <c>started</c>, are told from a handler's.</summary>
internal sealed class WorkerClock(HarnessClock clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(() => callback(state), dueTime, period, isWorkers: true);
}
