using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Postgres;

/// <summary>Says once that the database is away and once that it is back, however many meet it.</summary>
internal sealed class PostgresHealth(TimeProvider time, ILogger<PostgresHealth> logger) : IStoreHealth
{
    // Sessions that broke in an outage are met one by one after it: they are no outage of their own.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _awaySince;
    private long? _backSince;

    public bool IsAway => _awaySince is not null;

    public void NoteAway(Exception error)
    {
        lock (_lock)
        {
            if (_awaySince is null && (_backSince is not { } back || time.GetElapsedTime(back) > Aftermath))
            {
                _awaySince = time.GetTimestamp();
                logger.DatabaseAway(error);
            }
        }
    }

    public void NoteBack()
    {
        // Read without the lock: this is asked at every batch.
        if (_awaySince is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_awaySince is { } since)
            {
                _awaySince = null;
                _backSince = time.GetTimestamp();
                logger.DatabaseBack(time.GetElapsedTime(since));
            }
        }
    }
}
