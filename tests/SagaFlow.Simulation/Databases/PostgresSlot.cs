using Npgsql;
using SagaFlow.IntegrationTests.Network;
using SagaFlow.Simulation.Counting;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Databases;

/// <summary>One schema of a PostgreSQL server, with a clock that the world sets and a network that can fail.</summary>
internal sealed class PostgresSlot : IPipeDatabase
{
    private const string Clock = "simulated_clock";

    private readonly string _name;
    private readonly Action<PostgresSlot> _giveBack;
    private readonly NpgsqlDataSource _control;
    private readonly ChaosProxy _network;
    private readonly string _engines;
    private string _empty = "";
    private DateTimeOffset _now;

    private PostgresSlot(NpgsqlConnectionStringBuilder server, string name, Action<PostgresSlot> giveBack)
    {
        (_name, _giveBack) = (name, giveBack);
        _control = NpgsqlDataSource.Create(server.ConnectionString);
        _network = new ChaosProxy(server.Host!, server.Port).Start();
        _engines = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = _network.Port }.ConnectionString;
    }

    public IReadOnlyList<Fault> NetworkFaults { get; } = [Fault.ErrorAfterCommit, Fault.Stall, Fault.ConnectionLost];

    // The database's clock decides, whatever the engine's own says.
    public TimeSpan LargestSkew { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Makes the schema with the engine's own script; only its one function for the time is another one.</summary>
    public static async Task<PostgresSlot> CreateAsync(string server, string name, Action<PostgresSlot> giveBack)
    {
        var text = new NpgsqlConnectionStringBuilder(server)
        {
            // What a crash of the server would lose is not this simulator's business.
            Options = "-c synchronous_commit=off",
            SslMode = SslMode.Disable,
            MaxAutoPrepare = 64,
        };
        var schema = new PostgresSlot(text, name, giveBack);
        await schema.ExecuteAsync($"drop schema if exists {name} cascade");
        await schema.ExecuteAsync(SagaFlowSchema.Script(name));
        await schema.ExecuteAsync($"""
            create unlogged table {name}.{Clock} (at timestamptz not null);
            insert into {name}.{Clock} values (clock_timestamp());
            create or replace function {name}.now() returns timestamptz language sql volatile as 'select at from {name}.{Clock}'
            """);
        schema._empty = await schema.ReadAsync($"""
            select 'truncate ' || string_agg(format('%I.%I', schemaname, tablename), ', ') || ' restart identity' from pg_tables
            where schemaname = '{name}' and tablename not in ('{TableNames.SchemaVersion}', '{Clock}')
            """);
        return schema;
    }

    public void AddTo(SagaFlowBuilder flow) => flow.UsePostgres(_engines, x => x.Schema = _name);

    public Task EmptyAsync() => ExecuteAsync(_empty);

    public async Task SetClockAsync(DateTimeOffset now)
    {
        if (now != _now)
        {
            _now = now;
            await ExecuteAsync($"update {_name}.{Clock} set at = $1", now);
        }
    }

    public void BreakNextCommit(Fault how)
    {
        switch (how)
        {
            case Fault.ErrorAfterCommit:
                _network.LoseNextReply();
                break;
            case Fault.Stall:
                _network.CutAfterNextRequest();
                break;
            default:
                _network.LoseNextRequest();
                break;
        }
    }

    public async Task DropAsync()
    {
        await _network.DisposeAsync();
        await ExecuteAsync($"drop schema {_name} cascade");
        await _control.DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _giveBack(this);
        return ValueTask.CompletedTask;
    }

    private async Task ExecuteAsync(string text, params IReadOnlyList<object> values)
    {
        await using var command = _control.CreateCommand(text);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> ReadAsync(string text)
    {
        await using var command = _control.CreateCommand(text);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
