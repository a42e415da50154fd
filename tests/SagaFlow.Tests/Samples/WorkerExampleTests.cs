using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuickStart;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Samples;

/// <summary>The worker that the README shows.</summary>
public sealed class WorkerExampleTests
{
    [Fact]
    [Trait("Req", "W21")]
    public async Task The_worker_of_the_README_starts_changes_its_capacity_and_stops()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var stopped = new ConcurrentQueue<string>();
        #region setup
        builder.Services.AddSagaFlowWorker(worker =>
        {
            worker.AddHandler<ChargeHandler>().LimitRate(100, TimeSpan.FromMinutes(1)).OnTaskQueue("payments");
            worker.AddHandler<ShipHandler>().LimitConcurrency(2).OnTaskQueue("warehouse");
            worker.ConfigureTaskQueue("warehouse", queue => queue.Capacity = 4);
            worker.Configure(options => options.ShutdownGracePeriod = TimeSpan.FromSeconds(20));
            worker.OnEvent(x =>
            {
                if (x is WorkerStopped { Exit.Code: var code })
                {
                    stopped.Enqueue($"{x.Worker} ended with {code}");
                }
            });
        });
        #endregion
        using var host = builder.Build();
        await host.StartAsync();
        #region capacity
        var worker = host.Services.GetRequiredService<ISagaFlowWorker>();
        await worker.SetCapacityAsync("warehouse", 2);   // ends when the two that leave have ended what they had in hand
        #endregion

        Assert.Equal(2, stopped.Count);
        Assert.All(stopped, x => Assert.EndsWith("ended with 0", x, StringComparison.Ordinal));
        await host.StopAsync();
        Assert.Equal(16 + 4, stopped.Count);
    }
}
