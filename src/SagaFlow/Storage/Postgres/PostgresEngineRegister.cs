namespace SagaFlow.Storage.Postgres;

/// <summary>Who is alive, in PostgreSQL.</summary>
internal sealed class PostgresEngineRegister(PostgresDatabase database) : IEngineRegister
{
    public Task SayAliveAsync(string engineId, DateTimeOffset now, CancellationToken cancellationToken) => database.ExecuteAsync(
        $"insert into {database.Schema}.engine (id, alive_at) values ($1, $2) on conflict (id) do update set alive_at = excluded.alive_at",
        cancellationToken,
        engineId, now);

    public async Task<DateTimeOffset?> LastAliveAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync($"select max(alive_at) from {database.Schema}.engine", row => row.InstantOrNull(), cancellationToken))[0];
}
