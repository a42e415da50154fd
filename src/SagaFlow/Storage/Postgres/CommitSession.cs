using Npgsql;
using SagaFlow.Client.Faults;

namespace SagaFlow.Storage.Postgres;

/// <summary>The committer's own connection with its prepared statement.</summary>
internal sealed class CommitSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly CommitStatement _statement;
    private readonly NpgsqlCommand _command;

    private CommitSession(NpgsqlConnection connection, CommitStatement statement)
    {
        _connection = connection;
        _statement = statement;
        _command = statement.Create(connection);
    }

    public static async Task<CommitSession> OpenAsync(PostgresDatabase database, CommitStatement statement)
    {
        var connection = await database.OpenHotAsync(PostgresDatabase.CommitterSettings);
        try
        {
            var session = new CommitSession(connection, statement);
            await session._command.PrepareAsync();
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Commits a batch; <see langword="null"/> when the committer's row is gone, and then nothing was written.</summary>
    public async Task<string?> CommitAsync(BatchRows rows, long committer, long batch)
    {
        _statement.Fill(_command, rows, committer, batch);
        var answer = _command.ExecuteScalarAsync();
        FaultPoints.Pass(FaultPoint.CommitSent);
        return await answer as string;
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
