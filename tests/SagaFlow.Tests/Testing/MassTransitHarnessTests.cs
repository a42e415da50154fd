using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Tests.Storage;
using SagaFlow.Tests.Workflows;

namespace SagaFlow.Tests.Testing;

/// <summary>MassTransit's own test harness sees a workflow as any other saga, on the application's bus.</summary>
public sealed class MassTransitHarnessTests
{
    private static readonly OrderPlaced Order = new("A-1", "lamp");

    [Fact]
    public async Task The_bus_harness_sees_the_message_that_starts_a_workflow()
    {
        using var folder = new TemporaryFolder();
        await using var provider = Build(folder);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(Order);

        Assert.True(await harness.Consumed.Any<OrderPlaced>());
        await harness.Stop();
    }

    [Fact]
    public async Task The_saga_harness_finds_a_workflow_by_its_state()
    {
        using var folder = new TemporaryFolder();
        await using var provider = Build(folder);
        var harness = await provider.StartTestHarness();
        var sagas = harness.GetSagaStateMachineHarness<OrderWorkflow, OrderInstance>();
        var workflowId = WireIds.Workflow("sagaflow", "order", Order.Number);

        await harness.Bus.Publish(Order);

        Assert.Equal(workflowId, await sagas.Exists(workflowId, x => x.Reserve.Pending));
        Assert.Null(await sagas.Exists(workflowId, x => x.Ship.Pending, TimeSpan.FromMilliseconds(50)));
        Assert.True(await sagas.Consumed.Any<OrderPlaced>());
        await harness.Stop();
    }

    [Fact]
    public async Task The_saga_harness_finds_workflows_by_what_they_hold()
    {
        using var folder = new TemporaryFolder();
        await using var provider = Build(folder);
        var harness = await provider.StartTestHarness();
        var sagas = harness.GetSagaStateMachineHarness<OrderWorkflow, OrderInstance>();

        await harness.Bus.Publish(Order);
        await harness.Bus.Publish(Order with { Number = "A-2", Item = "table" });

        var tables = await sagas.Exists(x => x.Item == "table", x => x.Reserve.Pending);
        Assert.Equal([WireIds.Workflow("sagaflow", "order", "A-2")], tables);
        await harness.Stop();
    }

    private static ServiceProvider Build(TemporaryFolder folder) => new ServiceCollection()
        .AddMassTransitTestHarness()
        .AddSagaFlow(flow => flow.AddWorkflow<OrderWorkflow, OrderInstance>().UseSqlite(folder.File("flow.db")))
        .BuildServiceProvider(validateScopes: true);
}
