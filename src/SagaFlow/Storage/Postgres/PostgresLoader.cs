using System.Threading.Channels;
using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>Reads for everybody on a connection of its own: what is asked for while one read is under way shares the next one.</summary>
internal sealed class PostgresLoader : IAsyncDisposable
{
    private const int MaxBatch = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Channel<Request> _waiting = Channel.CreateBounded<Request>(new BoundedChannelOptions(8 * MaxBatch) { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly PostgresDatabase _database;
    private readonly LoadStatement _statement;
    private readonly TimeProvider _time;
    private readonly PostgresHealth _health;
    private readonly Task _loop;
    private NpgsqlConnection? _connection;

    public PostgresLoader(PostgresDatabase database, TimeProvider time, PostgresHealth health)
    {
        _database = database;
        _statement = new LoadStatement(database.Schema);
        _time = time;
        _health = health;
        _loop = Task.Run(RunAsync);
    }

    public async Task<IReadOnlyList<Loaded>> LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new Request(keys);
        try
        {
            await _waiting.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The PostgreSQL store was closed.", e);
        }

        return await request.Answer.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _closing.CancelAsync();
        await _loop;
        await DropConnectionAsync();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Request>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var keys = 0;
            while (keys < MaxBatch && _waiting.Reader.TryRead(out var request))
            {
                batch.Add(request);
                keys += request.Keys.Count;
            }

            await AnswerAsync(batch);
            batch.Clear();
        }
    }

    private async Task AnswerAsync(List<Request> batch)
    {
        try
        {
            var loaded = await ReadPatientlyAsync([.. batch.SelectMany(request => request.Keys)]);
            var first = 0;
            foreach (var request in batch)
            {
                request.Answer.TrySetResult([.. loaded.Skip(first).Take(request.Keys.Count)]);
                first += request.Keys.Count;
            }
        }
        catch (Exception e) when (batch.Count > 1 && PostgresErrors.Judge(e) == Trouble.Refused)
        {
            // Each alone: a key that cannot be read fails nobody else.
            foreach (var request in batch)
            {
                await AnswerAsync([request]);
            }
        }
        catch (Exception e)
        {
            batch.ForEach(request => request.Answer.TrySetException(e));
        }
    }

    private async Task<IReadOnlyList<Loaded>> ReadPatientlyAsync(IReadOnlyList<LoadKey> keys)
    {
        var began = _time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                _connection ??= await _database.OpenHotAsync(PostgresDatabase.LoaderSettings);
                var loaded = await _statement.ReadAsync(_connection, keys);
                _health.NoteRead();
                return loaded;
            }
            catch (Exception e)
            {
                await DropConnectionAsync();
                if (PostgresErrors.Judge(e) == Trouble.Refused || _closing.IsCancellationRequested || _time.GetElapsedTime(began) >= Patience)
                {
                    throw;
                }

                _health.NoteNotRead(e);
            }

            await Task.Delay(pause, _time, CancellationToken.None);
        }
    }

    private async Task DropConnectionAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception)
            {
                // It is gone already.
            }
        }
    }

    private sealed record Request(IReadOnlyList<LoadKey> Keys)
    {
        public TaskCompletionSource<IReadOnlyList<Loaded>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
