using SagaFlow.Contracts;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Workflows;

/// <summary>The whole embedded engine on its real in-memory bus.</summary>
public sealed class EmbeddedEngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Req", "T3")]
    public async Task A_workflow_runs_to_its_result_and_a_client_awaits_it()
    {
        using var folder = new TemporaryFolder();
        await using var host = await EmbeddedHost.StartAsync(folder.File("flow.db"));

        var receipt = await host.Workflows.StartAsync("order", new OrderPlaced("A-1", "lamp"));
        var id = receipt.WorkflowId!.Value;
        var result = host.Workflows.GetResultAsync<OrderShipped>(id);
        await CompleteAsync(host, id, "Reserve", new Reservation("S-7"));
        await CompleteAsync(host, id, "Ship", new Shipment("P-1"));

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal(new OrderShipped("lamp", "P-1"), await result.WaitAsync(Patience));
    }

    [Fact]
    [Trait("Req", "M8")]
    public async Task A_query_right_after_a_receipt_shows_what_the_receipt_confirmed()
    {
        const int orders = 200;
        using var folder = new TemporaryFolder();
        await using var host = await EmbeddedHost.StartAsync(folder.File("flow.db"));

        await Parallel.ForEachAsync(Enumerable.Range(0, orders), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
        {
            var receipt = await host.Workflows.StartAsync("order", new OrderPlaced($"A-{i}", "lamp"), cancellationToken);
            var id = receipt.WorkflowId!.Value;
            Assert.Equal("Reserve.Pending", (await host.Workflows.QueryAsync(id, cancellationToken)).State);

            await CompleteAsync(host, id, "Reserve", new Reservation("S-7"));
            Assert.Equal("Ship.Pending", (await host.Workflows.QueryAsync(id, cancellationToken)).State);

            await CompleteAsync(host, id, "Ship", new Shipment("P-1"));
            Assert.Equal("Completed", (await host.Workflows.QueryAsync(id, cancellationToken)).Status);
        });
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task An_engine_that_is_started_again_goes_on_behind_the_last_finished_activity()
    {
        using var folder = new TemporaryFolder();
        Guid id;
        await using (var first = await EmbeddedHost.StartAsync(folder.File("flow.db")))
        {
            id = (await first.Workflows.StartAsync("order", new OrderPlaced("A-1", "lamp"))).WorkflowId!.Value;
            await CompleteAsync(first, id, "Reserve", new Reservation("S-7"));
        }

        await using var second = await EmbeddedHost.StartAsync(folder.File("flow.db"));
        await CompleteAsync(second, id, "Ship", new Shipment("P-1"));

        Assert.Equal(new OrderShipped("lamp", "P-1"), await second.Workflows.GetResultAsync<OrderShipped>(id).WaitAsync(Patience));
    }

    private static async Task CompleteAsync(EmbeddedHost host, Guid workflowId, string activity, object result)
    {
        var request = await host.RequestAsync(workflowId, activity);
        var receipt = await host.Activities.CompleteAsync(request.TaskToken, result);
        Assert.Equal(Disposition.Applied, receipt.Disposition);
    }
}
