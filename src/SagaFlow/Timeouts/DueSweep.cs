using SagaFlow.Client.Faults;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Timeouts;

/// <summary>Claims what is due, in bounded batches, and rings it. A ring that nobody consumes rings again.</summary>
internal sealed class DueSweep(IAlarmStore store, IRinger ringer, IStoreClock storeClock, TimeProvider clock)
{
    private const int BatchSize = 200;
    private static readonly TimeSpan RingAgain = TimeSpan.FromSeconds(5);

    private long _lastRunAt = clock.GetTimestamp();

    /// <summary>How long ago a sweep last began: what the watchdog looks at.</summary>
    public TimeSpan SinceLastRun => clock.GetElapsedTime(Interlocked.Read(ref _lastRunAt));

    /// <summary>Rings everything that is due now.</summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <param name="before">What has to be done before anything rings.</param>
    /// <returns>How many deadlines and timers rang.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken, Func<CancellationToken, Task>? before = null)
    {
        // Noted at the beginning: a database that is away is not a clock that stands still.
        Interlocked.Exchange(ref _lastRunAt, clock.GetTimestamp());
        if (before is not null)
        {
            await before(cancellationToken);
        }

        return await RingAsync(store.ClaimDueAsync, due => ringer.RingAsync(Ring.Of(due), cancellationToken), cancellationToken)
            + await RingAsync(store.ClaimDueWorkflowsAsync, due => ringer.RingAsync(WorkflowRing.Of(due), cancellationToken), cancellationToken)
            + await RingAsync(store.ClaimDueTimersAsync, due => ringer.RingAsync(Ring.Of(due), cancellationToken), cancellationToken);
    }

    private async Task<int> RingAsync<T>(
        Func<DateTimeOffset, DateTimeOffset, int, CancellationToken, Task<IReadOnlyList<T>>> claim, Func<T, Task> ring, CancellationToken cancellationToken)
    {
        var rung = 0;
        IReadOnlyList<T> batch;
        do
        {
            var now = await storeClock.ReadAsync(cancellationToken);
            batch = await claim(
                Mutants.On(Mutant.DueClaimedLate) ? now.AddTicks(-1) : now,
                Mutants.On(Mutant.RingsOnce) ? now.AddYears(1) : now + RingAgain,
                BatchSize,
                cancellationToken);
            if (batch.Count > 0)
            {
                FaultPoints.Pass(FaultPoint.DueClaimed);
            }

            // All at once: a broker confirms hundreds in the time of one.
            await Task.WhenAll(batch.Select(ring));

            rung += batch.Count;
        }
        while (batch.Count == BatchSize);

        return rung;
    }
}
