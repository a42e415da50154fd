using System.Threading.Channels;

namespace SagaFlow.Storage.Sqlite;

/// <summary>The only writer of the file. What waits while one transaction becomes durable shares the next one.</summary>
/// <remarks>There is no gathering delay: a batch forms by itself under load, and a lone caller waits for nobody.</remarks>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>How many units share one transaction at most.</summary>
    public const int MaxBatch = 128;

    private const int MaxQueued = 8 * MaxBatch;

    private readonly Channel<WriteUnit> _queue = Channel.CreateBounded<WriteUnit>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SqliteTransactions _transactions;
    private readonly Task _loop;
    private bool _closed;

    /// <param name="open">Opens the connection that writes, when it is first needed and after it was lost.</param>
    /// <param name="time">Paces the retries while another connection is writing.</param>
    public SqliteWriter(Func<SqliteSession> open, TimeProvider time)
    {
        _transactions = new SqliteTransactions(open, time);
        _loop = RunAsync();
    }

    /// <summary>Queues work for the next transaction. The answer comes when it is durable.</summary>
    /// <param name="work">See <see cref="WriteUnit{T}"/>.</param>
    /// <param name="keeps">See <see cref="WriteUnit{T}"/>.</param>
    /// <param name="cancellationToken">Ends waiting for a place in the queue. What is queued is written.</param>
    public async Task<Task<T>> EnqueueAsync<T>(Func<SqliteSession, T> work, Func<T, bool> keeps, CancellationToken cancellationToken)
    {
        var unit = new WriteUnit<T>(work, keeps);
        try
        {
            await _queue.Writer.WriteAsync(unit, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The SQLite store was closed.", e);
        }

        return unit.Completion;
    }

    /// <summary>Queues work for the next transaction and waits until it is durable.</summary>
    /// <param name="work">See <see cref="WriteUnit{T}"/>.</param>
    /// <param name="cancellationToken">Ends the waiting. What is queued is written all the same.</param>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var completion = await EnqueueAsync(work, _ => true, cancellationToken);
        return await completion.WaitAsync(cancellationToken);
    }

    /// <summary>Runs work in a transaction of its own while every other writer waits.</summary>
    /// <param name="work">Reads and writes; its second answer says whether the writes are kept. It must not write through the queue.</param>
    /// <param name="cancellationToken">Ends waiting for the turn.</param>
    public async Task<T> RunAloneAsync<T>(Func<SqliteSession, Task<(T Result, bool Keep)>> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return await _transactions.RunAsync(work, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes what is queued, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;

        // The gate itself stays: whoever still waits at it must be told that the store is closed.
        await _gate.WaitAsync();
        _closed = true;
        _transactions.Dispose();
        _gate.Release();
    }

    private async Task RunAsync()
    {
        var batch = new List<WriteUnit>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            // The gate comes first, so that whoever queues meanwhile joins this transaction.
            await _gate.WaitAsync();
            try
            {
                while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var unit))
                {
                    batch.Add(unit);
                }

                await _transactions.RunAsync(batch);
            }
            catch (Exception e)
            {
                // Whatever went wrong, nobody waits for ever and the next batch gets its turn.
                batch.ForEach(unit => unit.Refuse(e));
            }
            finally
            {
                _gate.Release();
            }

            batch.ForEach(unit => unit.Complete());
            batch.Clear();
        }
    }
}
