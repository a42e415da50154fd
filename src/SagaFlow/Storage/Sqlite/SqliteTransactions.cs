namespace SagaFlow.Storage.Sqlite;

/// <summary>Runs transactions on the connection that writes, one at a time: its caller holds the gate.</summary>
internal sealed class SqliteTransactions(Func<SqliteSession> open, TimeProvider time) : IDisposable
{
    private const int MaxAttempts = 10;

    private SqliteSession? _session;

    /// <summary>Runs a batch in one transaction, each unit in a savepoint of its own.</summary>
    /// <remarks>When the transaction as a whole is lost, each unit runs again alone: the culprit then fails alone.</remarks>
    public async Task RunAsync(IReadOnlyList<WriteUnit> batch)
    {
        var session = await BeginAsync(CancellationToken.None);
        try
        {
            Commit(session, batch);
        }
        catch (Exception) when (batch.Count > 1)
        {
            foreach (var unit in batch)
            {
                await RunAloneAsync(unit);
            }
        }
    }

    /// <summary>Runs work that takes its time in a transaction of its own.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteSession, Task<(T Result, bool Keep)>> work, CancellationToken cancellationToken)
    {
        var session = await BeginAsync(cancellationToken);
        try
        {
            var (result, keep) = await work(session);
            session.Execute(keep ? "commit" : "rollback");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void Dispose() => _session?.Dispose();

    private async Task RunAloneAsync(WriteUnit unit)
    {
        try
        {
            Commit(await BeginAsync(CancellationToken.None), [unit]);
        }
        catch (Exception e)
        {
            unit.Refuse(e);
        }
    }

    private void Commit(SqliteSession session, IReadOnlyList<WriteUnit> batch)
    {
        try
        {
            foreach (var unit in batch)
            {
                ApplyInSavepoint(session, unit);
            }

            session.Execute("commit");
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private static void ApplyInSavepoint(SqliteSession session, WriteUnit unit)
    {
        session.Execute("savepoint unit");
        var keep = false;
        try
        {
            keep = unit.Apply(session);
        }
        catch (Exception e) when (session.InTransaction)
        {
            unit.Refuse(e);
        }

        if (!keep)
        {
            session.Execute("rollback to unit");
        }

        session.Execute("release unit");
    }

    // Immediate: a transaction that reads first and writes later fails at once when another writer came between.
    // Once it has begun in write-ahead mode, nobody can make it wait any more.
    private async Task<SqliteSession> BeginAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _session ??= open();
                _session.Execute("begin immediate");
                return _session;
            }
            catch (Exception e) when (SqliteErrors.IsBusy(e) && attempt < MaxAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), time, cancellationToken);
            }
        }
    }

    private void RollBack()
    {
        try
        {
            if (_session is { InTransaction: true })
            {
                _session.Execute("rollback");
            }
        }
        catch (Exception)
        {
            // A connection that cannot even roll back is given up: closing it undoes the transaction, the next one opens a new one.
            _session?.Dispose();
            _session = null;
        }
    }
}
