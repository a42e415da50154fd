using SagaFlow.Storage;

namespace SagaFlow.Timeouts;

/// <summary>Claims what is due, in bounded batches, and rings it. A ring that nobody consumes rings again.</summary>
internal sealed class DueSweep(IAlarmStore store, IRinger ringer, TimeProvider clock)
{
    private const int BatchSize = 200;
    private static readonly TimeSpan RingAgain = TimeSpan.FromSeconds(5);

    private long _lastRunAt = clock.GetTimestamp();

    /// <summary>How long ago a sweep last began: what the watchdog looks at.</summary>
    public TimeSpan SinceLastRun => clock.GetElapsedTime(Interlocked.Read(ref _lastRunAt));

    /// <summary>Rings everything that is due now.</summary>
    /// <returns>How many deadlines and timers rang.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Noted at the beginning: a database that is away is not a clock that stands still.
        Interlocked.Exchange(ref _lastRunAt, clock.GetTimestamp());
        var rung = await RingAllAsync(store.ClaimDueAsync, Ring.Of, cancellationToken);
        rung += await RingAllAsync(store.ClaimDueTimersAsync, Ring.Of, cancellationToken);
        rung += await RingWorkflowsAsync(cancellationToken);
        return rung;
    }

    private async Task<int> RingAllAsync<T>(
        Func<DateTimeOffset, DateTimeOffset, int, CancellationToken, Task<IReadOnlyList<T>>> claim, Func<T, Ring> ringOf, CancellationToken cancellationToken)
    {
        var rung = 0;
        IReadOnlyList<T> batch;
        do
        {
            var now = clock.GetUtcNow();
            batch = await claim(now, now + RingAgain, BatchSize, cancellationToken);
            foreach (var due in batch)
            {
                await ringer.RingAsync(ringOf(due), cancellationToken);
            }

            rung += batch.Count;
        }
        while (batch.Count == BatchSize);

        return rung;
    }

    private async Task<int> RingWorkflowsAsync(CancellationToken cancellationToken)
    {
        var rung = 0;
        IReadOnlyList<DueWorkflow> batch;
        do
        {
            var now = clock.GetUtcNow();
            batch = await store.ClaimDueWorkflowsAsync(now, now + RingAgain, BatchSize, cancellationToken);
            foreach (var due in batch)
            {
                await ringer.RingAsync(WorkflowRing.Of(due), cancellationToken);
            }

            rung += batch.Count;
        }
        while (batch.Count == BatchSize);

        return rung;
    }
}
