using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SagaFlow.Contracts;
using SagaFlow.Storage.Postgres;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Hosting;

public sealed class UsePostgresTests
{
    private const string Somewhere = "Host=localhost;Database=flows;Username=u;Password=hidden-secret";

    [Fact]
    [Trait("Req", "REL-4.6-67")]
    public void Two_databases_are_refused_in_either_order()
    {
        var sqliteFirst = Refusal(flow => flow.UseSqlite("a.db").UsePostgres(Somewhere));
        var postgresFirst = Refusal(flow => flow.UsePostgres(Somewhere).UseSqlite("a.db"));

        Assert.Contains("Two databases are configured: 'a.db' and 'PostgreSQL'", sqliteFirst, StringComparison.Ordinal);
        Assert.Contains("Two databases are configured: 'PostgreSQL' and 'a.db'", postgresFirst, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_whose_name_would_need_quotes_is_refused() =>
        Assert.Contains("Schema name 'My Flows'", Refusal(flow => flow.UsePostgres(Somewhere, x => x.Schema = "My Flows")), StringComparison.Ordinal);

    [Fact]
    public void Keys_are_demanded()
    {
        using var services = new ServiceCollection().AddLogging().AddSagaFlow(flow => flow.UsePostgres(Somewhere)).BuildServiceProvider();

        var error = Assert.Throws<SagaFlowException>(services.GetRequiredService<KeyRing>);

        Assert.Contains("No keys to sign task tokens with", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_given_in_code_are_used_with_either_database()
    {
        var key = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 37))]);
        foreach (var use in new Action<SagaFlowBuilder>[] { flow => flow.UsePostgres(Somewhere), flow => flow.UseSqlite("never-opened.db") })
        {
            using var services = new ServiceCollection().AddLogging()
                .AddSagaFlow(flow =>
                {
                    use(flow);
                    flow.UseTokenKeys(keys => keys.Keys["k7"] = key);
                })
                .BuildServiceProvider();

            Assert.Equal("k7", services.GetRequiredService<KeyRing>().Active.Id);
        }
    }

    [Fact]
    public void The_script_of_the_schema_is_printable_and_names_its_version()
    {
        var script = SagaFlowSchema.Script("orders");

        Assert.Contains("CREATE TABLE orders.workflow", script, StringComparison.Ordinal);
        Assert.Contains($"insert into orders.schema_version (version, applied_at) values ({SagaFlowSchema.Version}, orders.now())", script, StringComparison.Ordinal);
        Assert.DoesNotContain("sagaflow.", script, StringComparison.Ordinal);
        Assert.Contains("CREATE TABLE sagaflow.workflow", SagaFlowSchema.Script(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_of_an_upgrade_begins_at_a_version_that_has_been()
    {
        Assert.Equal("", SagaFlowSchema.Script(fromVersion: SagaFlowSchema.Version));

        Assert.Throws<SagaFlowException>(() => SagaFlowSchema.Script(fromVersion: SagaFlowSchema.Version + 1));
        Assert.Throws<SagaFlowException>(() => SagaFlowSchema.Script(fromVersion: -1));
    }

    [Theory]
    [InlineData("Host=db;Pasword=hidden-secret", "cannot be read")]
    [InlineData("Password=hidden-secret", "names no host")]
    [Trait("Req", "REL-4.6-67")]
    public void A_connection_string_that_cannot_be_used_is_refused_without_its_secrets(string text, string reason)
    {
        var error = Assert.Throws<SagaFlowException>(() => new PostgresDatabase(text, "sagaflow"));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db", 32)]
    [InlineData("Host=db;Maximum Pool Size=5", 5)]
    [InlineData("Host=db;Maximum Pool Size=100", 100)]
    [Trait("Req", "REL-D5")]
    public async Task An_engine_takes_a_third_of_the_connections_that_a_server_has_unless_it_is_told_how_many(string text, int expected)
    {
        await using var database = new PostgresDatabase(text, "sagaflow");

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(database.Source.ConnectionString).MaxPoolSize);
    }

    private static string Refusal(Action<SagaFlowBuilder> configure) =>
        Assert.Throws<SagaFlowException>(() => new ServiceCollection().AddSagaFlow(configure)).Message;
}
