using System.Collections.Concurrent;
using DataRouting.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Faults.Fleet;

/// <summary>A client that starts workflows, a few each second, whatever is broken. It gives none up: a start whose receipt was lost is repeated.</summary>
internal sealed class Starts : IAsyncDisposable
{
    public const int RouteAttempts = 3;

    private readonly IHost _host;
    private readonly IWorkflowClient _workflows;
    private readonly ConcurrentDictionary<string, Guid> _accepted = new(StringComparer.Ordinal);
    private readonly List<Task> _pending = [];
    private int _asked;
    private int _repeated;

    private Starts(IHost host) => (_host, _workflows) = (host, host.Services.GetRequiredService<IWorkflowClient>());

    /// <summary>The packets whose start an engine has confirmed, and their workflows.</summary>
    public IReadOnlyDictionary<string, Guid> Accepted => _accepted;

    public int Asked => _asked;

    /// <summary>How many calls ended without a receipt or found that an earlier one had been applied.</summary>
    public int Repeated => _repeated;

    /// <summary>What an engine answered that it must not.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public static async Task<Starts> ConnectAsync(string broker)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlowClient(client => client.UseRabbitMq(broker));
        var host = builder.Build();
        await host.StartAsync();
        return new Starts(host);
    }

    /// <summary>Starts at this pace until the faults are over and there are enough.</summary>
    public async Task RunAsync(int atLeast, double aSecond, Task faults)
    {
        while (!faults.IsCompleted || _asked < atLeast)
        {
            _pending.Add(StartAsync($"p-{++_asked}"));
            await Task.Delay(TimeSpan.FromSeconds(1 / aSecond));
        }
    }

    /// <summary>Waits for the receipts of all starts.</summary>
    public Task SettleAsync() => Task.WhenAll(_pending).WaitAsync(TimeSpan.FromMinutes(2));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>What the packet's start holds: the same whoever sends it.</summary>
    public static string LineOf(string packet) => $$"""{"id":"{{packet}}","payload":"content of {{packet}}","getRouteMaximumAttempts":{{RouteAttempts}}}""";

    private async Task StartAsync(string packet)
    {
        var message = new RoutePacket(new Packet(packet, $"content of {packet}"), RouteAttempts);
        while (!_accepted.ContainsKey(packet))
        {
            try
            {
                var receipt = await _workflows.StartAsync("data-routing", message);
                if (receipt.Disposition is Disposition.Applied or Disposition.Duplicate)
                {
                    _accepted[packet] = receipt.WorkflowId!.Value;
                    _repeated += receipt.Disposition == Disposition.Duplicate ? 1 : 0;
                    return;
                }

                Refused.Enqueue($"{packet}: {receipt.Disposition} {receipt.Detail}");
                return;
            }
            catch (Exception exception) when (exception is ReceiptTimeoutException or TimeoutException or RabbitMQ.Client.Exceptions.RabbitMQClientException)
            {
                Interlocked.Increment(ref _repeated);
            }
        }
    }
}
