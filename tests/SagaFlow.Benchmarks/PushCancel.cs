using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Benchmarks;

/// <summary>Embedded engine, worker and client in one process, on the in-memory bus or on RabbitMQ: many handlers run without heartbeats, and their
/// workflows are canceled one after another.</summary>
internal static class PushCancel
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(int handlers, string? rabbitMq, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sagaflow-benchmark");
        try
        {
            var watch = new Watch(handlers);
            using var host = Build(Path.Combine(folder.FullName, "flow.db"), handlers, rabbitMq, watch);
            await host.StartAsync(cancellationToken);
            var client = host.Services.GetRequiredService<IWorkflowClient>();
            await StartAllAsync(client, handlers, watch, cancellationToken);
            var (toReceipt, toToken) = await CancelAllAsync(client, watch, cancellationToken);
            await host.StopAsync(cancellationToken);
            Print("cancel sent -> handler's token fired", toToken);
            Print("cancel sent -> receipt (committed)", toReceipt);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IHost Build(string file, int handlers, string? rabbitMq, Watch watch)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(watch);
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<LongWorkflow, LongInstance>().UseSqlite(file));
        builder.Services.AddSagaFlowWorker(worker => worker
            .AddHandler<WorkHandler>().OnTaskQueue("default")
            .Configure(options => options.SlotsPerTaskQueue = handlers));
        builder.Services.AddSagaFlowClient(options =>
        {
            if (rabbitMq is not null)
            {
                options.UseRabbitMq(rabbitMq);
            }
        });
        return builder.Build();
    }

    private static async Task StartAllAsync(IWorkflowClient client, int handlers, Watch watch, CancellationToken cancellationToken)
    {
        for (var i = 0; i < handlers; i++)
        {
            await client.StartAsync("long", new WorkWanted($"work-{i}"), cancellationToken);
        }

        await watch.AllRun.WaitAsync(Patience, cancellationToken);
    }

    private static async Task<(List<TimeSpan> ToReceipt, List<TimeSpan> ToToken)> CancelAllAsync(
        IWorkflowClient client, Watch watch, CancellationToken cancellationToken)
    {
        var (toReceipt, toToken) = (new List<TimeSpan>(), new List<TimeSpan>());
        foreach (var (workflowId, fired) in watch.Running)
        {
            var sentAt = Stopwatch.GetTimestamp();
            var receipt = await client.CancelAsync(workflowId, "measured", cancellationToken);
            toReceipt.Add(Stopwatch.GetElapsedTime(sentAt));
            if (receipt.Disposition != Disposition.Applied)
            {
                throw new InvalidOperationException($"A cancellation was settled as {receipt.Disposition}: {receipt.Detail}");
            }

            toToken.Add(Stopwatch.GetElapsedTime(sentAt, await fired.Task.WaitAsync(Patience, cancellationToken)));
        }

        return (toReceipt, toToken);
    }

    private static void Print(string what, List<TimeSpan> times)
    {
        times.Sort();
        Console.WriteLine(
            $"{what}: {times.Count} measured, median {Share(times, 0.5):F1} ms, p99 {Share(times, 0.99):F1} ms, longest {times[^1].TotalMilliseconds:F1} ms");
    }

    private static double Share(List<TimeSpan> sorted, double share) => sorted[(int)Math.Ceiling(sorted.Count * share) - 1].TotalMilliseconds;
}

/// <summary>Who runs, and when each was told to stop.</summary>
internal sealed class Watch(int expected)
{
    private readonly TaskCompletionSource _allRun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentDictionary<Guid, TaskCompletionSource<long>> Running { get; } = new();

    public Task AllRun => _allRun.Task;

    public void Begin(Guid workflowId)
    {
        Running[workflowId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Running.Count == expected)
        {
            _allRun.TrySetResult();
        }
    }

    public void Fired(Guid workflowId) => Running[workflowId].TrySetResult(Stopwatch.GetTimestamp());
}
