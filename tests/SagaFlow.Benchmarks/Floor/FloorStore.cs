using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace SagaFlow.Benchmarks.Floor;

/// <summary>Loads and commits in batches, each on a prepared connection of its own.</summary>
internal sealed class FloorStore
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    private readonly ConcurrentQueue<Guid> _arrived = new();
    private readonly Batcher<FloorChange> _changes;
    private readonly Batcher<(Guid WorkflowId, TaskCompletionSource<FloorRow?> Row)> _loads;
    private readonly NpgsqlCommand _commit;
    private readonly NpgsqlCommand _load;

    private FloorStore(NpgsqlCommand commit, NpgsqlCommand load)
    {
        (_commit, _load) = (commit, load);
        _changes = new(CommitAsync, change => change.WorkflowId);
        _loads = new(LoadAsync);
    }

    public static async Task<FloorStore> OpenAsync(string connectionString)
    {
        var commit = await PrepareAsync(connectionString, FloorSql.Commit,
            Of<Guid[]>(NpgsqlDbType.Uuid), Of<string[]>(NpgsqlDbType.Text), Of<string[]>(NpgsqlDbType.Text), Of<Guid[]>(NpgsqlDbType.Uuid),
            Of<string[]>(NpgsqlDbType.Text), Of<string[]>(NpgsqlDbType.Text), Of<string[]>(NpgsqlDbType.Text), Of<Guid[]>(NpgsqlDbType.Uuid),
            Of<byte[][]>(NpgsqlDbType.Bytea),
            Of<Guid[]>(NpgsqlDbType.Uuid), Of<string[]>(NpgsqlDbType.Text),
            Of<Guid[]>(NpgsqlDbType.Uuid), Of<int[]>(NpgsqlDbType.Integer), Of<int[]>(NpgsqlDbType.Integer), Of<string[]>(NpgsqlDbType.Text),
            Of<string[]>(NpgsqlDbType.Text), Of<string?[]>(NpgsqlDbType.Text), Of<string[]>(NpgsqlDbType.Text),
            Of<Guid[]>(NpgsqlDbType.Uuid),
            new NpgsqlParameter<DateTime> { NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new NpgsqlParameter<DateTime> { NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var load = await PrepareAsync(connectionString, FloorSql.Load, Of<Guid[]>(NpgsqlDbType.Uuid));
        var store = new FloorStore(commit, load);
        _ = Task.Run(store._changes.RunAsync);
        _ = Task.Run(store._loads.RunAsync);
        return store;
    }

    /// <summary>Commits a change.</summary>
    /// <returns>Whether it took place: it does not when it was there before, or when its row has another version by now.</returns>
    public Task<bool> CommitAsync(FloorChange change)
    {
        _changes.Add(change);
        return change.Done;
    }

    public Task<FloorRow?> LoadAsync(Guid workflowId)
    {
        var row = new TaskCompletionSource<FloorRow?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loads.Add((workflowId, row));
        return row.Task;
    }

    /// <summary>Has the row of a request deleted that the broker has confirmed, with the next batch.</summary>
    public void Arrived(Guid requestId) => _arrived.Enqueue(requestId);

    private static NpgsqlParameter<T> Of<T>(NpgsqlDbType element) => new() { NpgsqlDbType = NpgsqlDbType.Array | element };

    private static async Task<NpgsqlCommand> PrepareAsync(string connectionString, string text, params NpgsqlParameter[] parameters)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var settings = new NpgsqlCommand(FloorSql.Settings, connection))
        {
            await settings.ExecuteNonQueryAsync();
        }

        var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync();
        return command;
    }

    private async Task CommitAsync(IReadOnlyList<FloorChange> batch)
    {
        try
        {
            Fill(batch);
            var changed = ((Guid[])(await _commit.ExecuteScalarAsync())!).ToHashSet();
            foreach (var change in batch)
            {
                change.Settle(changed.Contains(change.WorkflowId));
            }
        }
        catch (Exception exception)
        {
            foreach (var change in batch)
            {
                change.Fail(exception);
            }
        }
    }

    private void Fill(IReadOnlyList<FloorChange> batch)
    {
        var starts = batch.OfType<FloorStart>().ToArray();
        var begun = batch.OfType<FloorStarted>().ToArray();
        var results = batch.OfType<FloorCompletion>().ToArray();
        var arrived = new List<Guid>();
        while (_arrived.TryDequeue(out var id))
        {
            arrived.Add(id);
        }

        var now = DateTime.UtcNow;
        object[] values =
        [
            Column(starts, x => x.WorkflowId), Column(starts, x => x.Key), Column(starts, x => x.InputHash), Column(starts, x => x.MessageId),
            Column(starts, x => x.Arguments), Column(starts, x => x.StartedData), Column(starts, x => x.ScheduledData),
            Column(starts, x => x.RequestId), Column(starts, x => x.Request),
            Column(begun, x => x.WorkflowId), Column(begun, x => x.Data),
            Column(results, x => x.WorkflowId), Column(results, x => x.WorkflowVersion), Column(results, x => x.ActivityVersion),
            Column(results, x => x.Result), Column(results, x => x.ClosedAttempts), Column(results, x => x.StartedData), Column(results, x => x.ResultData),
            arrived.ToArray(), now, now + Timeout,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            _commit.Parameters[i].Value = values[i];
        }
    }

    private static T[] Column<TChange, T>(TChange[] changes, Func<TChange, T> value) => Array.ConvertAll(changes, x => value(x));

    private async Task LoadAsync(IReadOnlyList<(Guid WorkflowId, TaskCompletionSource<FloorRow?> Row)> batch)
    {
        try
        {
            _load.Parameters[0].Value = batch.Select(x => x.WorkflowId).ToArray();
            await using var reader = await _load.ExecuteReaderAsync();
            foreach (var (_, row) in batch)
            {
                await reader.ReadAsync();
                row.SetResult(reader.IsDBNull(0) ? null : new FloorRow(
                    reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.GetDateTime(4), reader.GetString(5), reader.GetInt32(6)));
            }
        }
        catch (Exception exception)
        {
            foreach (var (_, row) in batch)
            {
                row.TrySetException(exception);
            }
        }
    }
}
