using Npgsql;
using SagaFlow.Contracts;
using SagaFlow.IntegrationTests.Postgres;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Engines as they are run in earnest: on RabbitMQ and PostgreSQL.</summary>
public sealed class PostgresTests : IAsyncLifetime
{
    private const int Blackout = 200;

    private PostgresServer.Database _database = null!;

    public async Task InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    [Trait("Req", "REL-R3")]
    [Trait("Req", "REL-K5")]
    [Trait("Req", "P11")]
    public async Task Two_hundred_deadlines_that_pass_while_no_engine_runs_time_nothing_out_whose_completion_is_queued()
    {
        IReadOnlyList<Guid> ids;
        var prefix = TestBroker.NewPrefix();
        await using (var engine = await BrokerHost.StartEngineAsync(prefix: prefix, postgres: _database.ConnectionString))
        {
            ids = await Task.WhenAll(Enumerable.Range(1, Blackout).Select(i => engine.StartParcelAsync($"P-{i}", "brief")));
            await engine.OutboxShouldBecomeEmptyAsync();
        }

        await using var stranger = await Stranger.ConnectAsync(prefix);
        for (var i = 0; i < Blackout; i++)
        {
            var token = await stranger.TakeTokenAsync();
            await stranger.SendAsync($"{prefix}.answers", $$$"""{"kind":"completed","taskToken":"{{{token}}}","result":{"parcelId":"x"}}""", "application/json");
        }

        await Eventually.HoldsAsync(() => ReadAsync<bool>(
            "select (select max(due_at) from sagaflow.activity) < now() and (select max(alive_at) from sagaflow.engine) < now() - interval '16 seconds'"),
            "every deadline had passed during a blackout");
        await using var next = await BrokerHost.StartEngineAsync(prefix: prefix, postgres: _database.ConnectionString);

        await next.ShouldAllCompleteOnceAsync(ids);
        Assert.Equal(0, await ReadAsync<long>("select count(*) from sagaflow.history where kind like '%TimedOut'"));
        Assert.Equal(Blackout, await ReadAsync<long>("select count(*) from sagaflow.history where kind = 'DeadlineMoved'"));
    }

    [Fact]
    public async Task Closed_workflows_are_deleted_by_the_script_and_open_ones_stay()
    {
        var prefix = TestBroker.NewPrefix();
        IReadOnlyList<Guid> closed;
        await using (var first = await BrokerHost.StartEngineAsync(new ShipRuns(), prefix, postgres: _database.ConnectionString))
        {
            closed = await first.StartParcelsAsync(3);
            await first.ShouldAllCompleteOnceAsync(closed);
        }

        await using var engine = await BrokerHost.StartEngineAsync(prefix: prefix, postgres: _database.ConnectionString);
        var open = await engine.StartParcelAsync("P-open");
        await engine.OutboxShouldBecomeEmptyAsync();
        var script = await File.ReadAllTextAsync(RepositoryFolder.At("src", "SagaFlow", "Storage", "Postgres", "delete-closed.sql"));

        await ExecuteAsync(script);
        Assert.Equal(4, await ReadAsync<long>("select count(*) from sagaflow.workflow"));
        await ExecuteAsync(script.Replace("90 days", "0 days", StringComparison.Ordinal));

        // Every table that knows a workflow, so that one that is added later is not forgotten.
        var tables = await ReadAsync<string[]>("select array_agg(table_name::text) from information_schema.columns where table_schema = 'sagaflow' and column_name = 'workflow_id'");
        Assert.Contains("history", tables);
        foreach (var table in tables)
        {
            Assert.Equal((table, 0), (table, await ReadAsync<long>($"select count(*) from sagaflow.{table} where workflow_id <> '{open}'")));
        }

        Assert.Equal(open, await ReadAsync<Guid>("select id from sagaflow.workflow"));
        var again = await engine.Workflows.StartAsync("parcel", new SendParcel("P-1", "plain"));
        Assert.Equal((Disposition.Applied, closed[0]), (again.Disposition, again.WorkflowId!.Value));
    }

    [Fact]
    [Trait("Req", "REL-D5")]
    public async Task A_role_with_ten_connections_runs_hundreds_of_workflows_and_none_is_lost()
    {
        var role = $"r_{Guid.NewGuid():N}";
        await ExecuteAsync($"create role {role} login password 'few' connection limit 10; grant create on database {new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database} to {role}");
        try
        {
            var few = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = "few" }.ConnectionString;
            await using (var engine = await BrokerHost.StartEngineAsync(new ShipRuns(), postgres: few))
            {
                await engine.ShouldAllCompleteOnceAsync(await engine.StartParcelsAsync(300));
            }
        }
        finally
        {
            await ExecuteAsync($"drop owned by {role} cascade; drop role {role}");
        }
    }

    [Fact]
    [Trait("Req", "REL-D1")]
    [Trait("Req", "REL-B9")]
    public async Task Two_engines_share_the_load_and_a_bad_message_among_the_good_harms_none_of_them()
    {
        var runs = new ShipRuns();
        await using var one = await BrokerHost.StartEngineAsync(runs, postgres: _database.ConnectionString);
        await using var two = await BrokerHost.StartEngineAsync(runs, one.Prefix, postgres: _database.ConnectionString);
        await using var stranger = await Stranger.ConnectAsync(one.Prefix);

        var starting = one.StartParcelsAsync(300);
        for (var i = 0; i < 20; i++)
        {
            await stranger.SendAsync($"{one.Prefix}.answers", $$"""{"kind":"completed","number":{{i}}""", "application/json");
        }

        await two.ShouldAllCompleteOnceAsync(await starting);
        await Eventually.HoldsAsync(async () => await ReadAsync<long>("select count(*) from sagaflow.quarantine") == 20, "the bad ones were put aside");
        Assert.Equal(300, runs.All.Distinct().Count());
        Assert.All((BrokerHost[])[one, two], x => Assert.Contains(x.Log.All, line => line.Text.Contains("was quarantined", StringComparison.Ordinal)));
    }

    private Task<T> ReadAsync<T>(string text) => RunAsync(async command => (T)(await command.ExecuteScalarAsync())!, text);

    private Task ExecuteAsync(string text) => RunAsync(command => command.ExecuteNonQueryAsync(), text);

    private async Task<T> RunAsync<T>(Func<NpgsqlCommand, Task<T>> run, string text)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return await run(command);
    }
}
