using Npgsql;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Storage.Postgres;
using SagaFlow.Tests;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

public sealed class PostgresSchemaTests : IAsyncLifetime
{
    private const int Prepared = 1403;

    private readonly string _schema = PostgresServer.NewName();
    private readonly string _role = PostgresServer.NewName();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await PostgresServer.DropSchemaAsync(_schema);
        await PostgresServer.ExecuteAsync($"drop role if exists {_role}");
    }

    [Fact]
    [Trait("Req", "REL-C13")]
    public async Task Five_engines_that_start_at_once_on_an_empty_database_make_one_schema_twenty_times_over()
    {
        for (var round = 0; round < 20; round++)
        {
            PostgresStoreFixture[] engines = [.. Enumerable.Range(0, 5).Select(_ => PostgresStoreFixture.On(_schema))];

            await Task.WhenAll(engines.Select(engine => Task.Run(() => engine.Schema.PrepareAsync(default))));

            Assert.Equal(1, engines.Sum(engine => engine.Log.Count(Prepared)));
            Assert.Equal(1, await PostgresServer.ReadAsync<long>($"select count(*) from {_schema}.schema_version"));
            await Task.WhenAll(engines.Select(engine => engine.DisposeAsync().AsTask()));
            await PostgresServer.DropSchemaAsync(_schema);
        }
    }

    [Fact]
    [Trait("Req", "REL-C12")]
    public async Task A_starter_that_dies_while_it_makes_the_schema_leaves_nothing_and_the_next_one_makes_it()
    {
        await using (var source = NpgsqlDataSource.Create(PostgresServer.ConnectionString))
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var script = new NpgsqlCommand(SagaFlowSchema.Script(_schema), connection, transaction);
            await script.ExecuteNonQueryAsync();
            await PostgresServer.ExecuteAsync($"select pg_terminate_backend({connection.ProcessID})");
        }

        await using var engine = PostgresStoreFixture.On(_schema);
        await engine.Schema.PrepareAsync(default);

        Assert.Equal(1, engine.Log.Count(Prepared));
        Assert.Equal(CommitResult.Committed, await engine.CommitAsync(Records.Start(Records.Id(1))));
    }

    [Fact]
    [Trait("Req", "REL-4.6-69")]
    public async Task A_newer_schema_is_refused_with_both_versions_and_stays_as_it_is()
    {
        await using var engine = PostgresStoreFixture.On(_schema);
        await engine.Schema.PrepareAsync(default);
        await engine.ExecuteAsync("insert into {0}.schema_version values (99, now())");

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => engine.Schema.PrepareAsync(default));

        Assert.Contains($"has version 99; this engine knows versions up to {SagaFlowSchema.Version}", error.Message, StringComparison.Ordinal);
        Assert.Equal(99, await engine.ReadAsync<int>("select max(version) from {0}.schema_version"));
    }

    [Fact]
    public async Task An_older_schema_is_upgraded_once_by_engines_that_start_at_once_and_keeps_its_rows()
    {
        await using (var old = PostgresStoreFixture.On(_schema))
        {
            await old.Schema.PrepareAsync(default);
            await old.CommitAsync(Records.Start(Records.Id(1)));
        }

        var upgrades = new SchemaUpgrades(SagaFlowSchema.Version + 2, new Dictionary<int, string>
        {
            [SagaFlowSchema.Version + 1] = "alter table {0}.workflow add column tag text",
            [SagaFlowSchema.Version + 2] = "update {0}.workflow set tag = 'upgraded'",
        });
        PostgresStoreFixture[] engines = [.. Enumerable.Range(0, 5).Select(_ => PostgresStoreFixture.On(_schema, upgrades: upgrades))];
        await Task.WhenAll(engines.Select(engine => Task.Run(() => engine.Schema.PrepareAsync(default))));

        Assert.Equal(1, engines.Sum(engine => engine.Log.Count(Prepared)));
        Assert.Equal("upgraded", await engines[0].ReadAsync<string>("select tag from {0}.workflow"));
        Assert.NotNull(await engines[0].FindAsync(Records.Id(1)));
        await Task.WhenAll(engines.Select(engine => engine.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_role_that_may_change_no_tables_will_do_once_they_are_there()
    {
        await PostgresServer.ExecuteAsync(SagaFlowSchema.Script(_schema));
        await CreateRoleAsync();

        await using var engine = PostgresStoreFixture.On(_schema, AsRole());
        await engine.Schema.PrepareAsync(default);
        var committed = await engine.CommitAsync(Records.Start(Records.Id(1)));
        await engine.Engines.SayAliveAsync("a", Records.Now, default);

        Assert.Equal(CommitResult.Committed, committed);
        Assert.Single(await engine.OutgoingAsync());
        Assert.NotNull(await engine.FindAsync(Records.Id(1)));
    }

    [Fact]
    public async Task A_role_that_may_change_no_tables_is_told_what_to_run_when_they_are_missing()
    {
        await PostgresServer.ExecuteAsync($"create schema {_schema}");
        await CreateRoleAsync();

        await using var engine = PostgresStoreFixture.On(_schema, AsRole());
        var error = await Assert.ThrowsAsync<SagaFlowException>(() => engine.Schema.PrepareAsync(default));

        Assert.Contains($"has version 0 and this engine needs version {SagaFlowSchema.Version}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"SagaFlowSchema.Script(\"{_schema}\", fromVersion: 0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_stops_the_start_with_one_line_that_does_not_show_it()
    {
        var wrong = new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString) { Password = "wrong-secret" }.ConnectionString;
        await using var engine = PostgresStoreFixture.On(_schema, wrong);

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => engine.Schema.PrepareAsync(default));

        Assert.Contains("cannot be used: 28P01", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sagaflow")]
    [InlineData("saga flow")]
    [InlineData("1st")]
    [InlineData("")]
    [InlineData("a\"; drop schema public; --")]
    public void A_schema_name_that_would_need_quotes_is_refused(string name)
    {
        var error = Assert.Throws<SagaFlowException>(() => SagaFlowSchema.Script(name));

        Assert.Contains("[a-z0-9_]", error.Message, StringComparison.Ordinal);
    }

    private Task CreateRoleAsync() => PostgresServer.ExecuteAsync($"""
        create role {_role} login password 'runtime';
        grant usage on schema {_schema} to {_role};
        grant select, insert, update, delete on all tables in schema {_schema} to {_role}
        """);

    private string AsRole() => new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString) { Username = _role, Password = "runtime" }.ConnectionString;
}
