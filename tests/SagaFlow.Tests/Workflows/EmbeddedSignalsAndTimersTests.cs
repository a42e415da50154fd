using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Workflows;

/// <summary>Timers on the real alarm clock, and signals over the real in-memory bus.</summary>
public sealed class EmbeddedSignalsAndTimersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_timer_rings_on_the_real_alarm_clock()
    {
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder);
        var client = host.Services.GetRequiredService<IWorkflowClient>();

        var nap = await client.StartAsync("nap", new NapWanted("Ann"));

        Assert.Equal("Ann", await client.GetResultAsync<string>(nap.WorkflowId!.Value).WaitAsync(Patience));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_client_s_signal_and_one_published_on_the_bus_reach_a_running_workflow()
    {
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder);
        var client = host.Services.GetRequiredService<IWorkflowClient>();
        var bill = await client.StartAsync("bill", new BillSent("B-1", 5));

        var disputed = await client.SignalAsync("bill", "B-1", new BillDisputed("B-1"));
        var archived = await client.SignalAsync(bill.WorkflowId!.Value, new BillArchived("B-1"));
        await host.Services.GetRequiredService<IBus>().Publish(new DisputeSettled("B-1"));

        Assert.Equal((Disposition.Applied, Disposition.Kept), (disputed.Disposition, archived.Disposition));
        Assert.Empty((await client.GetResultAsync<DateTimeOffset[]>(bill.WorkflowId!.Value).WaitAsync(Patience))!);
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync(TemporaryFolder folder)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlow(flow => flow
            .AddWorkflow<NapWorkflow, NapInstance>()
            .AddWorkflow<BillWorkflow, BillInstance>()
            .UseSqlite(folder.File("flow.db")));
        builder.Services.AddSagaFlowClient();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
