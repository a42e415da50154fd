using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Tests.Storage;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>Engine and worker on one in-memory bus: the worker stops while it works, and starts again.</summary>
public sealed class WorkerStopTests : IDisposable
{
    private const string Canary = "canary-5f1c";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private readonly Script _script = new();
    private readonly EventLog _events = new();
    private readonly LineLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Req", "P23")]
    [Trait("Req", "W25")]
    public async Task What_a_stopped_worker_hands_back_goes_on_at_its_checkpoint_and_spends_no_attempt()
    {
        var attempts = new ConcurrentQueue<(int Attempt, int Checkpoint)>();
        _script.Run = async (context, token) =>
        {
            attempts.Enqueue((context.Attempt, context.Checkpoint<int>()));
            await context.HeartbeatAsync(context.Attempt * 10, token);
            if (context.Attempt == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }

            return new TransmitReceipt("000123");
        };
        using var host = await StartAsync();
        var (worker, client) = (host.Services.GetRequiredService<ISagaFlowWorker>(), host.Services.GetRequiredService<IWorkflowClient>());
        var id = (await client.StartAsync("transfer", new TransferWanted("T-1"))).WorkflowId!.Value;
        await _events.CountsAsync<AttemptHeartbeat>(1);

        await worker.StopAsync().WaitAsync(Patience);
        await worker.StartAsync().WaitAsync(Patience);

        Assert.Equal("000123", (await client.GetResultAsync<TransmitReceipt>(id).WaitAsync(Patience))!.ControlNumber);
        Assert.Equal([(1, 0), (2, 10)], attempts);
        Assert.Single(_events.Of<AttemptReleased>());
        var history = (await client.GetHistoryAsync(id)).Select(x => x.Kind).ToList();
        Assert.DoesNotContain("AttemptFailed", history);
        Assert.DoesNotContain("AttemptTimedOut", history);
        await host.StopAsync();
    }

    [Fact]
    [Trait("Req", "W15")]
    public async Task What_comes_while_the_worker_is_stopped_waits_for_it()
    {
        using var host = await StartAsync();
        var (worker, client) = (host.Services.GetRequiredService<ISagaFlowWorker>(), host.Services.GetRequiredService<IWorkflowClient>());
        await worker.SetCapacityAsync("edi", 0);
        var before = (await client.StartAsync("transfer", new TransferWanted("T-1"))).WorkflowId!.Value;
        await worker.StopAsync().WaitAsync(Patience);
        var during = (await client.StartAsync("transfer", new TransferWanted("T-2"))).WorkflowId!.Value;

        var calls = _script.Calls;
        await worker.SetCapacityAsync("edi", 2);
        await worker.StartAsync().WaitAsync(Patience);

        Assert.NotNull(await client.GetResultAsync<TransmitReceipt>(before).WaitAsync(Patience));
        Assert.NotNull(await client.GetResultAsync<TransmitReceipt>(during).WaitAsync(Patience));
        Assert.Equal((0, 2), (calls, _script.Calls));
        await host.StopAsync();
    }

    [Fact]
    public async Task Neither_tokens_nor_payloads_are_in_the_logs_or_events_of_a_worker()
    {
        var tokens = new ConcurrentQueue<string>();
        _script.Run = async (context, token) =>
        {
            tokens.Enqueue(context.TaskToken);
            await context.HeartbeatAsync(Canary, token);
            return context.Attempt switch
            {
                1 => throw new InvalidOperationException($"POST https://partner/{context.TaskToken} was refused"),
                2 => throw new ActivityFailureException(new("Refused", $"No {context.TaskToken}"), new IOException(context.TaskToken)),
                _ => new TransmitReceipt(Canary),
            };
        };
        using var host = await StartAsync();
        var (worker, client) = (host.Services.GetRequiredService<ISagaFlowWorker>(), host.Services.GetRequiredService<IWorkflowClient>());

        var id = (await client.StartAsync("transfer", new TransferWanted(Canary))).WorkflowId!.Value;
        Assert.Equal(Canary, (await client.GetResultAsync<TransmitReceipt>(id).WaitAsync(Patience))!.ControlNumber);
        await worker.StopAsync().WaitAsync(Patience);

        Assert.Equal(3, tokens.Distinct().Count());
        var secrets = tokens.Select(x => x.Split('.')[^1]).Append(Canary).ToList();
        Assert.Contains(_log.Lines, x => x.Contains("failed with", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => secrets.Exists(x => line.Contains(x, StringComparison.Ordinal)));
        var told = _events.All.Where(x => x is not (AttemptErrored or AttemptFailed or AttemptDone)).Select(x => x.ToString()!);
        Assert.DoesNotContain(told, line => secrets.Exists(x => line.Contains(x, StringComparison.Ordinal)));
        await host.StopAsync();
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(_log);
        builder.Services.AddSingleton(_script);
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<TransferWorkflow, TransferInstance>().UseSqlite(_folder.File("flow.db")));
        builder.Services.AddSagaFlowWorker(worker => worker
            .OnEvent(_events.OnEvent)
            .AddHandler<TransmitOrderHandler>().OnTaskQueue("edi")
            .Configure(options => options.MaximumHeartbeatInterval = TimeSpan.Zero));
        builder.Services.AddSagaFlowClient();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class LineLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
