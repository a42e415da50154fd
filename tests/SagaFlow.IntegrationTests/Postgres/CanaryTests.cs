using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Tests;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>Secrets that were planted, and the tables in which they must not be found.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private readonly string _schema = PostgresServer.NewName();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => PostgresServer.DropSchemaAsync(_schema);

    [Fact]
    [Trait("Req", "REL-I20")]
    public async Task No_table_but_the_outbox_holds_a_token_and_none_holds_a_key()
    {
        var kept = new KeptTokens();
        using var host = Build(kept);
        await host.StartAsync();
        var (workflows, activities) = (host.Services.GetRequiredService<IWorkflowClient>(), host.Services.GetRequiredService<IActivityClient>());
        var started = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => workflows.StartAsync("ticket", new OpenTicket($"C-{i}"))));
        await Eventually.HoldsAsync(() => Task.FromResult(kept.Tokens.Count == 3));
        var tokens = kept.Tokens.ToArray();

        await activities.StartedAsync(tokens[0]);
        await activities.FailAsync(tokens[0], ActivityFailure.NonRetryable("Http", $"POST /pages?token={tokens[0]} gave 500", tokens[0]));
        await activities.HeartbeatAsync(tokens[1], new { Page = 7 });
        await activities.ReleasedAsync(tokens[1]);
        await activities.CompleteAsync(tokens[2], new Printed("a page of paper"));
        await Task.WhenAll(started.Select(x => workflows.CancelAsync(x.WorkflowId!.Value, "no longer wanted")));
        var rows = await DumpAsync();
        await host.StopAsync();

        string[] secrets = [.. tokens.Select(x => x[^20..]), Convert.ToBase64String(_key), Convert.ToHexString(_key)];
        Assert.Contains(rows, x => x.Row.Contains("a page of paper", StringComparison.Ordinal));
        Assert.Empty(rows.Where(x => x.Table != "outbox" && secrets.Any(secret => Holds(x.Row, secret))).Select(x => x.Table).Distinct());
    }

    private async Task<List<(string Table, string Row)>> DumpAsync()
    {
        var rows = new List<(string, string)>();
        await using var source = NpgsqlDataSource.Create(PostgresServer.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        var tables = await PostgresServer.ReadAsync<string[]>($"select array_agg(tablename::text) from pg_tables where schemaname = '{_schema}'");
        foreach (var table in tables)
        {
            using var copy = await connection.BeginTextExportAsync($"copy {_schema}.{table} to stdout");
            while (await copy.ReadLineAsync() is { } row)
            {
                rows.Add((table, row));
            }
        }

        return rows;
    }

    // Binary columns are copied as hexadecimal digits.
    private static bool Holds(string row, string secret) =>
        row.Contains(secret, StringComparison.OrdinalIgnoreCase)
        || row.Contains(Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), StringComparison.OrdinalIgnoreCase);

    private IHost Build(KeptTokens kept)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["SagaFlow:TokenKeys:Keys:k1"] = Convert.ToBase64String(_key);
        builder.Services.AddSingleton(kept);
        builder.Services.AddSagaFlow(flow => flow
            .AddWorkflow<TicketWorkflow, TicketInstance>()
            .UsePostgres(PostgresServer.ConnectionString, postgres => postgres.Schema = _schema));
        builder.Services.AddSagaFlowWorker(worker => worker.AddHandler<KeepHandler>("Print").OnTaskQueue("default"));
        builder.Services.AddSagaFlowClient();
        return builder.Build();
    }

    private sealed class KeptTokens
    {
        public ConcurrentQueue<string> Tokens { get; } = [];
    }

    /// <summary>Prints nothing: somebody else answers.</summary>
    private sealed class KeepHandler(KeptTokens kept) : IActivityHandler<PrintArguments, Printed>
    {
        public Task<ActivityOutcome<Printed>> HandleAsync(ActivityExecutionContext<PrintArguments> context, CancellationToken cancellationToken)
        {
            kept.Tokens.Enqueue(context.TaskToken);
            return Task.FromResult<ActivityOutcome<Printed>>(ActivityOutcome.Pending);
        }
    }
}
