using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Npgsql;
using SagaFlow.Contracts;

namespace SagaFlow.Storage.Postgres;

/// <summary>One database: where it is, in which schema, and its connections.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    // Plans that were made while the tables were empty must not become scans once they are full: rows are always found by
    // their keys. A wait for a lock is short, because all who share the batch wait too.
    private const string HotSettings =
        "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off; set plan_cache_mode = force_generic_plan;"
        + " set statement_timeout = '15s'; set idle_in_transaction_session_timeout = '30s'";

    // Unless the connection string says otherwise. A server has a hundred by default, for all engines and everybody else: many
    // questions at once wait for each other here, and not for a server that has turned them away.
    private const int MostConnections = 32;

    /// <summary>How the committer's own connection is set.</summary>
    public const string CommitterSettings = HotSettings + "; set lock_timeout = '200ms'";

    /// <summary>How the loader's own connection is set.</summary>
    public const string LoaderSettings = HotSettings;

    /// <exception cref="SagaFlowException">The connection string or the schema's name cannot be read.</exception>
    public PostgresDatabase(string connectionString, string schema, ILoggerFactory? loggers = null)
    {
        Schema = SagaFlowSchema.CheckName(schema);
        var text = Parse(connectionString);
        Where = $"{text.Host}:{text.Port}, database '{text.Database}'";
        Source = new NpgsqlDataSourceBuilder(text.ConnectionString).UseLoggerFactory(loggers).Build();
    }

    public string Schema { get; }

    /// <summary>Gets the server and the database for messages to people; without a password.</summary>
    public string Where { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>Opens the model for questions. It is the caller's to dispose.</summary>
    public SagaFlowDbContext OpenModel() => new(Model(builder => builder.UseNpgsql(Source.CreateConnection(), contextOwnsConnection: true)), Schema);

    /// <summary>Makes the options of the model. Its shape depends on the schema, which EF Core must know to keep models apart.</summary>
    public static DbContextOptions<SagaFlowDbContext> Model(Action<DbContextOptionsBuilder> use)
    {
        var builder = new DbContextOptionsBuilder<SagaFlowDbContext>();
        use(builder);
        builder.ReplaceService<IModelCacheKeyFactory, SchemaModelKey>();
        return builder.Options;
    }

    /// <summary>Opens a connection that its owner keeps for the hot path.</summary>
    public async Task<NpgsqlConnection> OpenHotAsync(string settings)
    {
        var connection = await Source.OpenConnectionAsync();
        try
        {
            await using var command = new NpgsqlCommand(settings, connection);
            await command.ExecuteNonQueryAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        NpgsqlConnectionStringBuilder text;
        try
        {
            text = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The message of the cause names a keyword, never a value.
            throw new SagaFlowException($"The PostgreSQL connection string cannot be read: {e.Message}", e);
        }

        if (string.IsNullOrEmpty(text.Host))
        {
            throw new SagaFlowException("The PostgreSQL connection string names no host. Write 'Host=...;Database=...;Username=...;Password=...'.");
        }

        text.ApplicationName ??= "sagaflow";
        if (!text.ShouldSerialize("Maximum Pool Size"))
        {
            text.MaxPoolSize = MostConnections;
        }

        if (text.MaxAutoPrepare == 0)
        {
            text.MaxAutoPrepare = 64;
        }

        return text;
    }
}

/// <summary>Keeps the models of different schemas apart.</summary>
internal sealed class SchemaModelKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => (context.GetType(), (context as SagaFlowDbContext)?.Schema, designTime);
}
