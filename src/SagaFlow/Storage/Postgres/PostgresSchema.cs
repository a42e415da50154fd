using Microsoft.Extensions.Logging;
using Npgsql;
using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Postgres;

/// <summary>Makes the tables, in one transaction, by whichever of several starting engines comes first.</summary>
/// <param name="database">The database.</param>
/// <param name="logger">Hears of it.</param>
/// <param name="upgrades">Leads to this version.</param>
internal sealed class PostgresSchema(PostgresDatabase database, ILogger<PostgresSchema> logger, SchemaUpgrades upgrades) : IStoreSchema
{
    /// <summary>Creates or upgrades the tables; refuses a schema that is newer than this engine, naming both versions.</summary>
    /// <remarks>A role that may not change tables will do, as long as there is nothing to change.</remarks>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            if (Accept(await FindVersionAsync(connection, cancellationToken)))
            {
                return;
            }

            await UpgradeAsync(connection, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw PostgresErrors.NotUsable(database.Where, e);
        }
    }

    // Whether nothing is to be done.
    private bool Accept(int found) => found <= upgrades.Version
        ? found == upgrades.Version
        : throw PostgresErrors.Newer(database.Schema, found, upgrades.Version);

    private async Task UpgradeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = 0;
        try
        {
            await ExecuteAsync(connection, $"select pg_advisory_xact_lock(hashtextextended('sagaflow schema {database.Schema}', 0))", cancellationToken);
            found = await FindVersionAsync(connection, cancellationToken);
            if (Accept(found))
            {
                return;
            }

            await ExecuteAsync(connection, upgrades.Script(database.Schema, found), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw PostgresErrors.MayNotPrepare(database.Schema, found, upgrades.Version, e);
        }

        logger.SchemaPrepared(database.Schema, found, upgrades.Version);
    }

    private async Task<int> FindVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var table = $"{database.Schema}.{TableNames.SchemaVersion}";

        // The catalog itself and not to_regclass, which may answer from what this session saw before it waited for the lock.
        await using var exists = new NpgsqlCommand(
            $"select exists (select 1 from pg_catalog.pg_tables where schemaname = '{database.Schema}' and tablename = '{TableNames.SchemaVersion}')", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return 0;
        }

        await using var read = new NpgsqlCommand($"select coalesce(max(version), 0) from {table}", connection);
        return (int)(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
