namespace SagaFlow.Storage.Sqlite;

/// <summary>Who is alive, in SQLite. There is one engine, but after a restart it may have another id.</summary>
internal sealed class SqliteEngineRegister(SqliteDatabase database) : IEngineRegister
{
    private const string Table = TableNames.SqlitePrefix + TableNames.Engine;

    public Task SayAliveAsync(string engineId, DateTimeOffset now, CancellationToken cancellationToken) => database.Writer.WriteAsync(
        session => session.Execute(
            $"insert into {Table} (id, alive_at) values ($1, $2) on conflict (id) do update set alive_at = excluded.alive_at",
            engineId, SqliteValues.Text(now)),
        cancellationToken);

    public Task<DateTimeOffset?> LastAliveAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Readers.Read(
            session => session.Query($"select max(alive_at) from {Table}", row => row.InstantOrNull())[0]));
    }
}
