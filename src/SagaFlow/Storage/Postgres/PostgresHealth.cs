using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Postgres;

/// <summary>Says once that the database cannot be used and once that it can again, however many meet it.</summary>
/// <remarks>Reading and changing are told apart: a database whose disk is full, or that has become a replica, is read as ever. An outage lasts
/// until both go well.</remarks>
internal sealed class PostgresHealth(TimeProvider time, ILogger<PostgresHealth> logger) : IStoreHealth
{
    // Sessions that broke in an outage are met one by one after it: they are no outage of their own.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    // What failed is tried again within seconds. If nobody has tried for so long, nobody knows.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _awaySince;
    private long? _backSince;
    private long? _readFailedAt;
    private long? _changeFailedAt;

    public bool IsAway
    {
        get
        {
            lock (_lock)
            {
                return IsRecent(_readFailedAt) || IsRecent(_changeFailedAt);
            }
        }
    }

    public bool TakesNoChanges
    {
        get
        {
            lock (_lock)
            {
                return IsRecent(_changeFailedAt);
            }
        }
    }

    public void NoteNotRead(Exception error)
    {
        lock (_lock)
        {
            _readFailedAt = NoteAway(error) ? time.GetTimestamp() : null;
        }
    }

    public void NoteNotChanged(Exception error)
    {
        lock (_lock)
        {
            _changeFailedAt = NoteAway(error) ? time.GetTimestamp() : null;
        }
    }

    public void NoteRead()
    {
        // Looked at without the lock: this is asked at every batch.
        if (_awaySince is not null)
        {
            lock (_lock)
            {
                _readFailedAt = null;
                NoteBack();
            }
        }
    }

    /// <summary>Notes that a batch of changes was committed.</summary>
    public void NoteChanged()
    {
        if (_awaySince is not null)
        {
            lock (_lock)
            {
                _changeFailedAt = null;
                NoteBack();
            }
        }
    }

    /// <summary>Notes that one small row was written. A full disk may have room for that and for nothing else: it is no proof.</summary>
    public void NoteRowWritten()
    {
        if (_awaySince is not null)
        {
            lock (_lock)
            {
                NoteBack();
            }
        }
    }

    private bool IsRecent(long? failedAt) => failedAt is { } at && time.GetElapsedTime(at) <= Memory;

    // False in the aftermath of an outage.
    private bool NoteAway(Exception error)
    {
        if (_awaySince is not null)
        {
            return true;
        }

        if (_backSince is { } back && time.GetElapsedTime(back) <= Aftermath)
        {
            return false;
        }

        _awaySince = time.GetTimestamp();
        logger.DatabaseAway(error);
        return true;
    }

    private void NoteBack()
    {
        if (_awaySince is not { } since || IsRecent(_readFailedAt) || IsRecent(_changeFailedAt))
        {
            return;
        }

        (_awaySince, _readFailedAt, _changeFailedAt) = (null, null, null);
        _backSince = time.GetTimestamp();
        logger.DatabaseBack(time.GetElapsedTime(since));
    }
}
