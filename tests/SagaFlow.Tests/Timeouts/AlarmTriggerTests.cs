using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Tests.Storage;
using SagaFlow.Tests.Workflows;

namespace SagaFlow.Tests.Timeouts;

/// <summary>What the scheduler is asked to do, as an operator sees it.</summary>
public sealed class AlarmTriggerTests
{
    [Fact]
    [Trait("Req", "M12")]
    public async Task Rings_asked_of_the_scheduler_are_counted()
    {
        var triggers = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "sagaflow.alarm.triggers")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref triggers, value));
        listener.Start();
        using var folder = new TemporaryFolder();
        using var host = await StartEngineAsync(folder.File("flow.db"));

        var nap = await host.Services.GetRequiredService<IWorkflowClient>().StartAsync("nap", new NapWanted("Ann"));
        await host.Services.GetRequiredService<IWorkflowClient>().GetResultAsync<string>(nap.WorkflowId!.Value).WaitAsync(TimeSpan.FromSeconds(20));

        // At least this one: engines of other tests of this process count as well.
        Assert.True(Interlocked.Read(ref triggers) >= 1, "Nothing was counted");
        await host.StopAsync();
    }

    private static async Task<IHost> StartEngineAsync(string database)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<NapWorkflow, NapInstance>().UseSqlite(database));
        builder.Services.AddSagaFlowClient();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
