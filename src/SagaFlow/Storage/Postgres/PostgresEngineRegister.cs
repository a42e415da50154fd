namespace SagaFlow.Storage.Postgres;

/// <summary>Who is alive, in PostgreSQL.</summary>
internal sealed class PostgresEngineRegister(PostgresDatabase database, PostgresHealth health) : IEngineRegister
{
    public async Task SayAliveAsync(string engineId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await database.ExecuteAsync(
                $"insert into {database.Schema}.engine (id, alive_at) values ($1, $2) on conflict (id) do update set alive_at = excluded.alive_at",
                cancellationToken,
                engineId, now);
            health.NoteRowWritten();
        }
        catch (Exception error) when (PostgresErrors.Judge(error) == Trouble.Away)
        {
            // The only change that an engine makes which has nothing to do.
            health.NoteNotChanged(error);
            throw;
        }
    }

    public async Task<DateTimeOffset?> LastAliveAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync($"select max(alive_at) from {database.Schema}.engine", row => row.InstantOrNull(), cancellationToken))[0];
}
