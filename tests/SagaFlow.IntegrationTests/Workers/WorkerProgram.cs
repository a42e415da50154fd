using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.Workers;

/// <summary>A worker as a process of its own: <c>PREFIX BROKER SLOTS</c>. It walks, and says each step on its output.</summary>
internal static class WorkerProgram
{
    private static async Task Main(string[] args)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Information);
        builder.Services.AddSagaFlowClient(options => options.Prefix = args[0]);
        builder.Services.AddSagaFlowWorker(worker => worker
            .UseRabbitMq(args[1])
            .AddHandler<WalkHandler>("Ship").OnTaskQueue("ship")
            .Configure(options =>
            {
                options.SlotsPerTaskQueue = int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture);
                options.ShutdownGracePeriod = TimeSpan.FromMilliseconds(500);
            }));
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine("ready");
        await host.WaitForShutdownAsync();
        Console.WriteLine("ended");
    }
}
