using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>The row by which a committer learns what became of a commit whose reply was lost.</summary>
internal sealed class CommitterRegister(PostgresDatabase database)
{
    private readonly string _table = $"{database.Schema}.{TableNames.Committer}";

    /// <summary>Makes a row for this process. Rows of processes that are long gone go.</summary>
    public async Task<long> AddAsync()
    {
        await using var command = database.Source.CreateCommand($"""
            with old as (delete from {_table} where at < {database.Schema}.now() - interval '30 days')
            insert into {_table} (batch, at) values (0, {database.Schema}.now()) returning id
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Finds out what became of a batch whose reply was lost. One that has not taken place never will.</summary>
    /// <remarks>Waits for the old session, should the server still run it: the row is locked by the batch's own transaction.</remarks>
    /// <returns>The results of the batch; <see langword="null"/> when it did not take place.</returns>
    public async Task<string?> ResolveAsync(long committer, long batch)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var read = new NpgsqlCommand($"select batch, results from {_table} where id = $1 for no key update", connection, transaction);
        read.Parameters.AddWithValue(committer);
        var (found, results) = await ReadAsync(read);
        if (found >= batch)
        {
            return results;
        }

        await using var giveUp = new NpgsqlCommand($"update {_table} set batch = $2, results = null where id = $1", connection, transaction);
        giveUp.Parameters.AddWithValue(committer);
        giveUp.Parameters.AddWithValue(batch);
        await giveUp.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return null;
    }

    private static async Task<(long Batch, string? Results)> ReadAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? (reader.GetInt64(0), await reader.IsDBNullAsync(1) ? null : reader.GetString(1))
            : (0, null);
    }
}
