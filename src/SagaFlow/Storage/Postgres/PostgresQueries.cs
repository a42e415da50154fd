using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>Single statements on any connection of the pool.</summary>
internal static class PostgresQueries
{
    public static async Task<List<T>> QueryAsync<T>(
        this PostgresDatabase database, string text, Func<PostgresRow, T> read, CancellationToken cancellationToken, params IReadOnlyList<object> values)
    {
        await using var command = Create(database, text, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAllAsync(reader, read, cancellationToken);
    }

    /// <summary>Runs a query with settings of the planner that hold for it alone.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this PostgresDatabase database, string settings, string text, Func<PostgresRow, T> read, CancellationToken cancellationToken,
        params IReadOnlyList<object> values)
    {
        // What is sent in one go is one transaction, and with its end the settings are over.
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(settings));
        var command = new NpgsqlBatchCommand(text);
        AddTo(command.Parameters, values);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await ReadAllAsync(reader, read, cancellationToken);
    }

    public static async Task<int> ExecuteAsync(
        this PostgresDatabase database, string text, CancellationToken cancellationToken, params IReadOnlyList<object> values)
    {
        await using var command = Create(database, text, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Create(PostgresDatabase database, string text, IReadOnlyList<object> values)
    {
        var command = database.Source.CreateCommand(text);
        AddTo(command.Parameters, values);
        return command;
    }

    private static void AddTo(NpgsqlParameterCollection parameters, IReadOnlyList<object> values)
    {
        foreach (var value in values)
        {
            parameters.AddWithValue(value is DateTimeOffset at ? at.ToUniversalTime() : value);
        }
    }

    private static async Task<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<PostgresRow, T> read, CancellationToken cancellationToken)
    {
        var row = new PostgresRow(reader);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            row.Rewind();
            rows.Add(read(row));
        }

        return rows;
    }
}
