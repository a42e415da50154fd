using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SagaFlow.IntegrationTests.Network;
using SagaFlow.Storage;
using SagaFlow.Storage.Postgres;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>A PostgreSQL store in a schema of its own that goes with it. Two fixtures on one schema are two engines.</summary>
internal sealed class PostgresStoreFixture : StoreFixture
{
    private readonly ServiceProvider _services;
    private readonly bool _ownsSchema;

    private PostgresStoreFixture(string schema, string connectionString, bool ownsSchema, SchemaUpgrades? upgrades = null)
    {
        SchemaName = schema;
        _ownsSchema = ownsSchema;
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton(upgrades ?? SchemaUpgrades.Current)
            .AddPostgresStore(connectionString, schema)
            .BuildServiceProvider();
    }

    public string SchemaName { get; }

    /// <summary>What the store has logged.</summary>
    public LogList Log { get; } = new();

    public override IWorkflowStore Store => _services.GetRequiredService<IWorkflowStore>();
    public override IWorkflowReader Reader => _services.GetRequiredService<IWorkflowReader>();
    public override IAlarmStore Alarms => _services.GetRequiredService<IAlarmStore>();
    public override IOutbox Outbox => _services.GetRequiredService<IOutbox>();
    public override IQuarantine Quarantine => _services.GetRequiredService<IQuarantine>();
    public override IEngineRegister Engines => _services.GetRequiredService<IEngineRegister>();
    public override IStoreSchema Schema => _services.GetRequiredService<IStoreSchema>();

    public ChaosProxy? Proxy { get; private set; }

    public IStoreHealth Health => _services.GetRequiredService<IStoreHealth>();

    public IStoreClock Clock => _services.GetRequiredService<IStoreClock>();

    /// <summary>A prepared store in a new schema.</summary>
    public static async Task<PostgresStoreFixture> CreateAsync(string? connectionString = null)
    {
        var fixture = new PostgresStoreFixture(PostgresServer.NewName(), connectionString ?? PostgresServer.ConnectionString, ownsSchema: true);
        await fixture.Schema.PrepareAsync(default);
        return fixture;
    }

    /// <summary>A prepared store whose network can fail.</summary>
    public static async Task<PostgresStoreFixture> CreateBehindProxyAsync()
    {
        var proxy = PostgresServer.NewNetwork();
        var fixture = await CreateAsync(PostgresServer.Over(proxy));
        fixture.Proxy = proxy;
        return fixture;
    }

    /// <summary>A store on a schema of somebody else's, not prepared.</summary>
    public static PostgresStoreFixture On(string schema, string? connectionString = null, SchemaUpgrades? upgrades = null) =>
        new(schema, connectionString ?? PostgresServer.ConnectionString, ownsSchema: false, upgrades);

    /// <summary>Runs a statement; <c>{0}</c> in it is the schema.</summary>
    public Task ExecuteAsync(string text) => PostgresServer.ExecuteAsync(text.Replace("{0}", SchemaName, StringComparison.Ordinal));

    public Task<T> ReadAsync<T>(string text) => PostgresServer.ReadAsync<T>(text.Replace("{0}", SchemaName, StringComparison.Ordinal));

    /// <summary>Begins a transaction of somebody else's, such as one that holds a lock.</summary>
    public async Task<Transaction> BeginAsync(string text)
    {
        var source = NpgsqlDataSource.Create(PostgresServer.ConnectionString);
        var connection = await source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(text.Replace("{0}", SchemaName, StringComparison.Ordinal), connection, transaction);
        await command.ExecuteNonQueryAsync();
        return new Transaction(source, transaction);
    }

    /// <summary>Makes the statements of the committer slow: long enough for a caller to give up first.</summary>
    public override async Task<IAsyncDisposable> HoldUpCommitsAsync()
    {
        await ExecuteAsync("""
            create function {0}.dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return null; end';
            create trigger dawdle after insert on {0}.inbox for each statement execute function {0}.dawdle()
            """);
        return new Dawdling(this);
    }

    public override async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        if (_ownsSchema)
        {
            await PostgresServer.DropSchemaAsync(SchemaName);
        }
    }

    /// <summary>An open transaction; disposing it rolls it back.</summary>
    public sealed class Transaction(NpgsqlDataSource source, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await source.DisposeAsync();
        }
    }

    private sealed class Dawdling(PostgresStoreFixture fixture) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await fixture.ExecuteAsync("drop trigger dawdle on {0}.inbox");
    }
}
