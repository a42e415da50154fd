using System.Collections.Concurrent;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Connections that read. Each read sees one snapshot and waits for no writer.</summary>
internal sealed class SqliteReaders(Func<SqliteSession> open) : IDisposable
{
    private const int MaxIdle = 8;

    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _disposed;

    /// <summary>Reads in one transaction, so that rows of several tables fit together.</summary>
    public T Read<T>(Func<SqliteSession, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var session = _idle.TryTake(out var idle) ? idle : open();
        var whole = false;
        try
        {
            session.Execute("begin");
            var result = work(session);
            session.Execute("commit");
            whole = true;
            return result;
        }
        finally
        {
            // A session whose read failed may hold an old snapshot: it is not used again.
            Return(session, reuse: whole);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private void Return(SqliteSession session, bool reuse)
    {
        if (!reuse || _idle.Count >= MaxIdle)
        {
            session.Dispose();
            return;
        }

        _idle.Add(session);
        if (_disposed)
        {
            Dispose();
        }
    }
}
