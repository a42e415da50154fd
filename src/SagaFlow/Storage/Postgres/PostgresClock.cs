namespace SagaFlow.Storage.Postgres;

/// <summary>The clock of the database, the same for every engine whatever its own machine says.</summary>
internal sealed class PostgresClock(PostgresDatabase database, TimeProvider time) : IStoreClock
{
    private long _aheadTicks;

    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public async Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var now = (await database.QueryAsync($"select {database.Schema}.now()", row => row.Instant(), cancellationToken))[0];

        // Half the round trip is the best guess of when it was read.
        var halfway = asked + ((time.GetUtcNow() - asked) / 2);
        Interlocked.Exchange(ref _aheadTicks, (now - halfway).Ticks);
        return now;
    }
}
