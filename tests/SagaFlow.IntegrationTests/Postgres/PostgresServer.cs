using Npgsql;
using SagaFlow.IntegrationTests.Network;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>The server that these tests are given.</summary>
internal static class PostgresServer
{
    private const string Variable = "SAGAFLOW_TEST_POSTGRES";

    public static string ConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
        ? text
        : throw new InvalidOperationException(
            $"This test needs a PostgreSQL server. 'tests/run' starts one; or set {Variable} to a connection string of a superuser.");

    /// <summary>Makes a network to the server that can fail.</summary>
    public static ChaosProxy NewNetwork()
    {
        var server = new NpgsqlConnectionStringBuilder(ConnectionString);
        return new ChaosProxy(server.Host!, server.Port).Start();
    }

    /// <summary>The server as it is reached over that network.</summary>
    public static string Over(ChaosProxy network) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Port = network.Port, Timeout = 3 }.ConnectionString;

    /// <summary>Makes a name that no other test uses.</summary>
    public static string NewName() => $"t_{Guid.NewGuid():N}";

    public static async Task ExecuteAsync(string text)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(text);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ReadAsync<T>(string text)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(text);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static Task DropSchemaAsync(string schema) => ExecuteAsync($"drop schema if exists {schema} cascade");

    /// <summary>Makes a database of its own for a program that does not let its schema be named.</summary>
    public static async Task<Database> CreateDatabaseAsync()
    {
        var name = NewName();
        await ExecuteAsync($"create database {name}");
        return new Database(name);
    }

    /// <summary>A database that goes when it is disposed.</summary>
    public sealed class Database(string name) : IAsyncDisposable
    {
        public string ConnectionString => new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString) { Database = name }.ConnectionString;

        /// <summary>The database as it is reached over a network of <see cref="NewNetwork"/>.</summary>
        public string Over(ChaosProxy network) => new NpgsqlConnectionStringBuilder(PostgresServer.Over(network)) { Database = name }.ConnectionString;

        /// <summary>Makes it take changes or none, as a replica does. Its sessions end, so that the next ones see it.</summary>
        public async Task TakeChangesAsync(bool takes)
        {
            await ExecuteAsync($"alter database {name} set default_transaction_read_only = {(takes ? "off" : "on")}");
            await ExecuteAsync($"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}'");
        }

        public async ValueTask DisposeAsync() => await ExecuteAsync($"drop database {name} with (force)");
    }
}
