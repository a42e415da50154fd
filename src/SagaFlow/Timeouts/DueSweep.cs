using SagaFlow.Client.Faults;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Timeouts;

/// <summary>Claims what is due, in bounded batches, and rings it. A ring that nobody consumes rings again.</summary>
internal sealed class DueSweep(IAlarmStore store, IRinger ringer, IStoreClock storeClock, TimeProvider clock)
{
    private const int BatchSize = 200;
    private static readonly TimeSpan RingAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // A broker that takes nothing is waited for ten seconds, a database for up to half a minute.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(45);

    private long _lastClaimAt = clock.GetTimestamp();
    private long _lastSignAt = clock.GetTimestamp();
    private int _underWay;

    /// <summary>How long ago a sweep last began or ended, or went on to its next batch.</summary>
    public TimeSpan SinceLastSign => clock.GetElapsedTime(Interlocked.Read(ref _lastSignAt));

    /// <summary>Whether no sweep has begun for ten seconds. One that is under way may wait longer, for a broker or a database that does not answer,
    /// but not for ever.</summary>
    public bool Stands => SinceLastSign > (Volatile.Read(ref _underWay) > 0 ? LongestRun : LongestPause);

    /// <summary>How long ago the database last told what is due: what a person looks at.</summary>
    public TimeSpan SinceLastClaim => clock.GetElapsedTime(Interlocked.Read(ref _lastClaimAt));

    /// <summary>Rings everything that is due now.</summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <param name="before">What has to be done before anything rings.</param>
    /// <returns>How many deadlines and timers rang.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken, Func<CancellationToken, Task>? before = null)
    {
        // A sweep that fails, because the database is away or the broker takes nothing, is a sign as well: the clock does not stand.
        Interlocked.Increment(ref _underWay);
        NoteSign();
        try
        {
            if (before is not null)
            {
                await before(cancellationToken);
            }

            return await RingAsync(store.ClaimDueAsync, due => ringer.RingAsync(Ring.Of(due), cancellationToken), cancellationToken)
                + await RingAsync(store.ClaimDueWorkflowsAsync, due => ringer.RingAsync(WorkflowRing.Of(due), cancellationToken), cancellationToken)
                + await RingAsync(store.ClaimDueTimersAsync, due => ringer.RingAsync(Ring.Of(due), cancellationToken), cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            NoteSign();
        }
    }

    private void NoteSign() => Interlocked.Exchange(ref _lastSignAt, clock.GetTimestamp());

    private async Task<int> RingAsync<T>(
        Func<DateTimeOffset, DateTimeOffset, int, CancellationToken, Task<IReadOnlyList<T>>> claim, Func<T, Task> ring, CancellationToken cancellationToken)
    {
        var rung = 0;
        IReadOnlyList<T> batch;
        do
        {
            NoteSign();
            var now = await storeClock.ReadAsync(cancellationToken);
            batch = await claim(
                Mutants.On(Mutant.DueClaimedLate) ? now.AddTicks(-1) : now,
                Mutants.On(Mutant.RingsOnce) ? now.AddYears(1) : now + RingAgain,
                BatchSize,
                cancellationToken);
            Interlocked.Exchange(ref _lastClaimAt, clock.GetTimestamp());
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
