using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>An engine, a worker, or both, on the broker, with a database of its own.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    private static readonly string[] Counts = ["messages", "messages_unacknowledged", "consumers"];

    private readonly IHost _host;
    private readonly DirectoryInfo? _folder;

    private BrokerHost(IHost host, string prefix, DirectoryInfo? folder, LogLines log) => (_host, Prefix, _folder, Log) = (host, prefix, folder, log);

    public string Prefix { get; }

    public LogLines Log { get; }

    public IWorkflowClient Workflows => Get<IWorkflowClient>();

    public IOutbox Outbox => Get<IOutbox>();

    /// <summary>Starts an engine, and with <paramref name="runs"/> a worker in the same process. It stores in the SQLite file
    /// <paramref name="database"/>, else in <paramref name="postgres"/>, else in a file of its own.</summary>
    public static async Task<BrokerHost> StartEngineAsync(
        ShipRuns? runs = null, string? prefix = null, string? database = null, Action<IServiceCollection>? configure = null, string? address = null,
        string? postgres = null, Action<SagaFlowBuilder>? workflows = null)
    {
        var folder = database is null && postgres is null ? Directory.CreateTempSubdirectory("sagaflow-rabbit-") : null;
        return await StartAsync(prefix ?? TestBroker.NewPrefix(), folder, services =>
        {
            configure?.Invoke(services);
            services.AddSagaFlow(flow =>
            {
                flow.AddWorkflow<ParcelWorkflow, ParcelInstance>();
                workflows?.Invoke(flow);
                _ = postgres is null ? flow.UseSqlite(database ?? Path.Combine(folder!.FullName, "flow.db")) : flow.UsePostgres(postgres);
                flow.UseRabbitMq(address ?? TestBroker.Address);
            });
            if (runs is not null)
            {
                AddWorker(services, runs, slots: null);
            }
        });
    }

    /// <summary>Starts a worker without an engine, as another process would.</summary>
    public static Task<BrokerHost> StartWorkerAsync(
        string prefix, ShipRuns runs, int? slots = null, Action<SagaFlowWorkerBuilder>? configure = null, string? address = null) => StartAsync(prefix, null, services =>
        {
            AddWorker(services, runs, slots, address);
            services.AddSagaFlowWorker(configure ?? (_ => { }));
        });

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<Guid> StartParcelAsync(string number, string way = "plain")
    {
        var receipt = await Workflows.StartAsync("parcel", new SendParcel(number, way));
        Assert.Contains(receipt.Disposition, (Disposition[])[Disposition.Applied, Disposition.Duplicate]);
        return receipt.WorkflowId!.Value;
    }

    /// <summary>Starts many without waiting for one before the next.</summary>
    public async Task<IReadOnlyList<Guid>> StartParcelsAsync(int count) =>
        await Task.WhenAll(Enumerable.Range(1, count).Select(i => StartParcelAsync($"P-{i}")));

    /// <summary>Asserts that every workflow completed, each with one attempt and one result.</summary>
    public async Task ShouldAllCompleteOnceAsync(IReadOnlyList<Guid> ids, TimeSpan? limit = null)
    {
        var reader = Get<IWorkflowReader>();
        await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var id in ids)
                {
                    if (await reader.FindWorkflowAsync(id, default) is not { Status: WorkflowStatus.Completed })
                    {
                        return false;
                    }
                }

                return true;
            },
            () => DescribeAsync(ids),
            limit);
        foreach (var id in ids)
        {
            var history = await reader.ReadHistoryAsync(id, 0, 100, default);
            Assert.Single(history, x => x.Kind == HistoryKind.ActivityCompleted);
            Assert.Single(history, x => x.Kind == HistoryKind.WorkflowCompleted);
            Assert.Single(history, x => x.Kind == HistoryKind.ActivityScheduled);
        }

        await OutboxShouldBecomeEmptyAsync();
    }

    public Task OutboxShouldBecomeEmptyAsync() => Eventually.HoldsAsync(
        async () => (await Outbox.ReadUnconfirmedAsync(DateTimeOffset.MaxValue, 1, default)).Count == 0, "the outbox became empty");

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _host.StopAsync(limit.Token);
        _host.Dispose();
        _folder?.Delete(recursive: true);
    }

    // What a person would look at.
    private async Task<string> DescribeAsync(IReadOnlyList<Guid> ids)
    {
        var reader = Get<IWorkflowReader>();
        var open = new List<string>();
        foreach (var id in ids)
        {
            var workflow = await reader.FindWorkflowAsync(id, default);
            var activities = await reader.ReadActivitiesAsync(id, default);
            open.Add($"{workflow?.Status}/{string.Join('+', activities.Select(x => x.Status))}");
        }

        var outbox = await Outbox.ReadUnconfirmedAsync(DateTimeOffset.MaxValue, 10_000, default);
        var queues = (await TestBroker.ListAsync("queues", Prefix)).Select(x =>
            $"{TestBroker.NameOf(x)}: {string.Join(", ", Counts.Select(n => $"{(x.TryGetProperty(n, out var count) ? count.ToString() : "unknown")} {n}"))}");
        return $"""
            all {ids.Count} workflows completed
            {string.Join(", ", open.GroupBy(x => x).Select(x => $"{x.Count()} {x.Key}"))}
            {outbox.Count} in the outbox: {string.Join(", ", outbox.GroupBy(x => x.Kind).Select(x => $"{x.Count()} {x.Key}"))}
            {string.Join('\n', queues)}
            {string.Join('\n', Log.All.TakeLast(60).Select(x => $"{x.Level} {x.Text}"))}
            """;
    }

    private static async Task<BrokerHost> StartAsync(string prefix, DirectoryInfo? folder, Action<IServiceCollection> add)
    {
        var log = new LogLines();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddProvider(log);

        // Read only by an engine on PostgreSQL.
        builder.Configuration["SagaFlow:TokenKeys:Keys:k1"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 37))]);
        add(builder.Services);
        builder.Services.AddSagaFlowClient(options => options.Prefix = prefix);
        var host = new BrokerHost(builder.Build(), prefix, folder, log);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await host._host.StartAsync(limit.Token);
            return host;
        }
        catch
        {
            host._host.Dispose();
            folder?.Delete(recursive: true);
            throw;
        }
    }

    private static void AddWorker(IServiceCollection services, ShipRuns runs, int? slots, string? address = null)
    {
        services.AddSingleton(runs);
        services.AddSagaFlowWorker(worker =>
        {
            worker.AddHandler<ShipHandler>("Ship").OnTaskQueue("ship");
            worker.Configure(options => options.SlotsPerTaskQueue = slots ?? options.SlotsPerTaskQueue);
            if (slots is not null || address is not null)
            {
                worker.UseRabbitMq(address ?? TestBroker.Address);
            }
        });
    }
}
