using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SagaFlow.Activities;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>Whole engines on PostgreSQL, each with the transport of its own process.</summary>
public sealed class EngineTests : IAsyncLifetime
{
    private const int StartWaits = 2007;

    private readonly string _schema = PostgresServer.NewName();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => PostgresServer.DropSchemaAsync(_schema);

    [Fact]
    public async Task An_engine_without_keys_does_not_start()
    {
        using var host = Build(keys: 0);

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => host.StartAsync());

        Assert.Contains("No keys to sign task tokens with", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(5)]
    [Trait("Req", "REL-K1")]
    public async Task A_deadline_is_the_database_s_whatever_the_clock_of_the_engine_says(int minutesAhead)
    {
        using var host = Build(minutesAhead);
        await host.StartAsync();
        var workflows = host.Services.GetRequiredService<IWorkflowClient>();

        var id = (await workflows.StartAsync("ticket", new OpenTicket("A-1"))).WorkflowId!.Value;
        var result = await workflows.GetResultAsync<Printed>(id).WaitAsync(TimeSpan.FromSeconds(30));
        var history = await HistoryAsync(host, id);
        await host.StopAsync();

        Assert.Equal("page of A-1", result!.Page);
        AssertWaited(history);
        var now = await PostgresServer.ReadAsync<DateTime>("select now()");
        Assert.All(history, entry => Assert.InRange(entry.At.UtcDateTime, now.AddMinutes(-1), now.AddSeconds(1)));
    }

    [Fact]
    [Trait("Req", "REL-K1")]
    [Trait("Req", "P13")]
    public async Task Two_engines_with_clocks_ten_minutes_apart_share_one_database()
    {
        using var slow = Build(minutesAhead: -5);
        using var fast = Build(minutesAhead: 5);
        await Task.WhenAll(slow.StartAsync(), fast.StartAsync());

        var ends = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RunAsync(i % 2 == 0 ? slow : fast, $"T-{i}")));
        foreach (var (host, id) in ends)
        {
            AssertWaited(await HistoryAsync(host, id));
        }

        await Task.WhenAll(slow.StopAsync(), fast.StopAsync());

        static async Task<(IHost, Guid)> RunAsync(IHost host, string number)
        {
            var workflows = host.Services.GetRequiredService<IWorkflowClient>();
            var id = (await workflows.StartAsync("ticket", new OpenTicket(number))).WorkflowId!.Value;
            var reader = host.Services.GetRequiredService<IWorkflowReader>();
            await SagaFlow.Tests.Eventually.HoldsAsync(async () => (await reader.FindWorkflowAsync(id, default))?.Status == WorkflowStatus.Completed);
            return (host, id);
        }
    }

    [Fact]
    [Trait("Req", "D1")]
    [Trait("Req", "P13")]
    public async Task Results_are_told_soon_by_an_engine_that_did_not_run_the_workflows()
    {
        using var runs = Build(minutesAhead: 0);
        using var asked = Build(minutesAhead: 0);
        await Task.WhenAll(runs.StartAsync(), asked.StartAsync());

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var id = (await runs.Services.GetRequiredService<IWorkflowClient>().StartAsync("ticket", new OpenTicket($"A-{i}"))).WorkflowId!.Value;
            return await asked.Services.GetRequiredService<IWorkflowClient>().GetResultAsync<Printed>(id);
        })).WaitAsync(TimeSpan.FromSeconds(9));

        // Sooner than after the ten seconds for which a client lets an engine hold its question.
        Assert.All(results, x => Assert.StartsWith("page of A-", x!.Page, StringComparison.Ordinal));
        await Task.WhenAll(runs.StopAsync(), asked.StopAsync());
    }

    private static void AssertWaited(IReadOnlyList<HistoryEvent> history)
    {
        var asked = Assert.Single(history, entry => entry.Kind == HistoryKind.ActivityScheduled && entry.ActivityId == "Approve-1").At;
        var timedOut = Assert.Single(history, entry => entry.Kind == HistoryKind.ActivityTimedOut).At;
        Assert.InRange(timedOut - asked, TicketWorkflow.Wait, TicketWorkflow.Wait + TimeSpan.FromSeconds(5));
    }

    [Fact]
    [Trait("Req", "REL-D1")]
    public async Task A_connection_that_is_lost_at_any_reply_of_the_first_start_does_not_end_it()
    {
        const int mostReplies = 24;
        var interrupted = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, mostReplies), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (reply, _) =>
        {
            var schema = PostgresServer.NewName();
            await using var network = PostgresServer.NewNetwork();
            network.LoseReplyAfter(reply);
            using var host = Build(database: PostgresServer.Over(network), schema: schema);
            await host.StartAsync(CancellationToken.None);
            Interlocked.Add(ref interrupted, network.Faults);
            await host.StopAsync(CancellationToken.None);
            await PostgresServer.DropSchemaAsync(schema);
        });

        Assert.InRange(interrupted, mostReplies / 2, mostReplies);
    }

    [Fact]
    [Trait("Req", "REL-D1")]
    public async Task A_server_that_is_not_there_yet_is_waited_for()
    {
        await using var network = PostgresServer.NewNetwork();
        network.GoDown();
        var log = new LogList();
        using var host = Build(database: PostgresServer.Over(network), log: log);

        var starting = host.StartAsync();
        await SagaFlow.Tests.Eventually.HoldsAsync(() => Task.FromResult(log.Count(StartWaits) == 1));
        network.ComeBack();
        await starting;

        await host.StopAsync();
    }

    [Fact]
    [Trait("Req", "REL-4.6-67")]
    public async Task A_wrong_password_ends_the_start_at_once()
    {
        using var host = Build(database: new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString) { Password = "wrong-secret" }.ConnectionString);

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => host.StartAsync().WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Contains("cannot be used: 28P01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_after_a_long_silence_ends_however_many_back_offs_are_over()
    {
        const int readAtOnce = 500;
        await using var store = PostgresStoreFixture.On(_schema);
        await store.Schema.PrepareAsync(default);
        await store.Store.CommitAsync([.. Enumerable.Range(0, readAtOnce).Select(i => BackingOff(Records.Id(i)))], default);
        await store.Engines.SayAliveAsync("the one before", Records.Now.AddHours(-1), default);
        using var host = Build();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        await host.Services.GetRequiredService<EngineStart>().PrepareAsync(patience.Token);

        Assert.Equal(readAtOnce, (await store.Alarms.ClaimDueAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 1000, default)).Count);

        static ChangeSet BackingOff(Guid id) => new(id)
        {
            Activities =
            [
                Records.Row(Records.Activity(id) with
                {
                    Status = ActivityStatus.BackingOff,
                    Due = new Deadline(Records.Now, DeadlineKind.RetryBackoff, 1),
                    DueVersion = 1,
                }),
            ],
        };
    }

    private static Task<IReadOnlyList<HistoryEvent>> HistoryAsync(IHost host, Guid id) =>
        host.Services.GetRequiredService<IWorkflowReader>().ReadHistoryAsync(id, 0, 100, default);

    private IHost Build(int minutesAhead = 0, int keys = 1, string? database = null, string? schema = null, LogList? log = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        for (var i = 0; i < keys; i++)
        {
            builder.Configuration[$"SagaFlow:TokenKeys:Keys:k{i}"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(x => (byte)(x * 37))]);
        }

        builder.Services.AddSingleton<TimeProvider>(new WrongClock(TimeSpan.FromMinutes(minutesAhead)));
        builder.Services.AddSagaFlow(flow => flow
            .AddWorkflow<TicketWorkflow, TicketInstance>()
            .UsePostgres(database ?? PostgresServer.ConnectionString, postgres => postgres.Schema = schema ?? _schema));
        builder.Services.AddSagaFlowWorker(worker => worker.AddHandler<PrintHandler>().OnTaskQueue("default"));
        builder.Services.AddSagaFlowClient();
        return builder.Build();
    }

    // Timers keep their pace: only the hands of the clock are wrong.
    private sealed class WrongClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
