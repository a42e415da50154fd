using MassTransit;
using Npgsql;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.IntegrationTests.Postgres;
using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Engines of two versions of one workflow on the same queues and the same database.</summary>
public sealed class RollingDeploymentTests : IAsyncLifetime
{
    private const int Letters = 20;

    private PostgresServer.Database _database = null!;

    public async Task InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    [Trait("Req", "P22")]
    public async Task What_the_newer_version_has_stored_is_whole_when_both_engines_take_messages()
    {
        await using var older = await BrokerHost.StartEngineAsync(
            postgres: _database.ConnectionString, workflows: x => x.AddWorkflow<LetterWorkflow, LetterInstance>("letter"));
        await using var newer = await BrokerHost.StartEngineAsync(
            prefix: older.Prefix, postgres: _database.ConnectionString,
            workflows: x => x.AddWorkflow<GreetingLetterWorkflow, GreetingLetterInstance>("letter"));
        await Task.WhenAll(Enumerable.Range(0, Letters).Select(i => older.Workflows.StartAsync("letter", new LetterBegun($"L-{i}"))));
        await ExecuteAsync("""update sagaflow.workflow set definition_version = 2, document = '{"greeting":"Dear","lines":[]}', version = version + 1""");

        for (var i = 0; i < Letters; i++)
        {
            await older.Get<IBus>().Publish(new LineAdded($"L-{i}", "by bus"));
        }

        await Eventually.HoldsAsync(async () => await ReadAsync("select count(*) from sagaflow.workflow where document like '%by bus%'") == Letters, "every letter had its line");
        var receipts = await Task.WhenAll(Enumerable.Range(0, Letters).Select(i => newer.Workflows.SignalAsync("letter", $"L-{i}", new LetterSent($"L-{i}"))));

        Assert.All(receipts, x => Assert.Equal(Disposition.Applied, x.Disposition));
        Assert.Equal(Letters, await ReadAsync("""select count(*) from sagaflow.workflow where result = '["Dear","by bus"]' and definition_version = 2"""));
        Assert.Empty(await newer.Get<IQuarantine>().ReadAsync(10, default));
        Assert.Single(older.Log.All, x => x.Text.Contains("cannot be read by this engine", StringComparison.Ordinal));
        Assert.DoesNotContain(older.Log.All, x => x.Text.Contains("not accepted", StringComparison.Ordinal));
    }

    private async Task<long> ReadAsync(string text)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(text);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string text)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(text);
        await command.ExecuteNonQueryAsync();
    }
}
