using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Tests.Storage;
using SagaFlow.Tests.Workflows;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>A worker is deployed that does not know an activity of its queue: the workflow says so, and nothing waits.</summary>
public sealed class UnknownActivityOnBusTests
{
    [Fact]
    [Trait("Req", "E27")]
    public async Task The_workflow_fails_at_once_with_the_activities_that_the_worker_knows()
    {
        using var folder = new TemporaryFolder();
        using var host = Host(folder);
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IWorkflowClient>();
        var order = (await client.StartAsync("order", new OrderPlaced("A-1", "lamp"))).WorkflowId!.Value;

        await Assert.ThrowsAnyAsync<Exception>(() => client.GetResultAsync<OrderShipped>(order).WaitAsync(TimeSpan.FromSeconds(20)));

        var workflow = await client.QueryAsync(order);
        var reserve = Assert.Single(await client.GetActivitiesAsync(order));
        Assert.Equal(("Failed", "UnknownActivity"), (workflow.Status, workflow.Failure!.Type));
        Assert.Equal(
            "No handler for activity 'Reserve' on task queue 'default'. This worker handles: 'PrintLabel', 'Ship'.", workflow.Failure.Message);
        Assert.Equal(("Failed", 1), (reserve.Status, reserve.Attempt));
        await host.StopAsync();
    }

    private static IHost Host(TemporaryFolder folder)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<OrderWorkflow, OrderInstance>().UseSqlite(folder.File("flow.db")));
        builder.Services.AddSagaFlowWorker(worker =>
        {
            worker.AddHandler<Known>("Ship");
            worker.AddHandler<Known>("PrintLabel");
        });
        builder.Services.AddSagaFlowClient();
        return builder.Build();
    }

    private sealed class Known : IActivityHandler<string, string>
    {
        public Task<ActivityOutcome<string>> HandleAsync(ActivityExecutionContext<string> context, CancellationToken cancellationToken) =>
            Task.FromResult<ActivityOutcome<string>>("done");
    }
}
