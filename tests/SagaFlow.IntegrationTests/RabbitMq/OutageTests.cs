using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The broker dies, freezes, fills up, or loses a queue while workflows run: nothing is lost and nothing happens twice.</summary>
[Collection(BrokerCollection.Name)]
public sealed class OutageTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("stop")]
    [InlineData("kill")]
    [Trait("Req", "REL-B1")]
    [Trait("Req", "REL-C6")]
    [Trait("Req", "P15")]
    public async Task Workflows_go_on_after_the_broker_was_away(string how)
    {
        var runs = new ShipRuns(token => Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, token));
        await using var engine = await BrokerHost.StartEngineAsync(runs);
        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("first")]);
        await TestBroker.SaveQueueDirectoryAsync();
        var starting = Task.Run(() => engine.StartParcelsAsync(300));
        await Eventually.HoldsAsync(() => Task.FromResult(runs.All.Count > 20), "some run");

        await TestBroker.NodeAsync(how);
        await TestBroker.NodeAsync("start");

        await engine.ShouldAllCompleteOnceAsync(await starting, Long);
        Assert.All(runs.All, x => Assert.Equal(1, x.Attempt));
        Assert.True(engine.Log.All.Count(x => x.Text.Contains("could not be sent", StringComparison.Ordinal)) <= 10, "The log is flooded");
    }

    [Fact]
    [Trait("Req", "REL-B12")]
    [Trait("Req", "REL-B2")]
    public async Task Workflows_go_on_after_the_broker_was_frozen()
    {
        var runs = new ShipRuns();
        await using var engine = await BrokerHost.StartEngineAsync(runs);
        var before = await engine.StartParcelsAsync(20);

        await TestBroker.NodeAsync("freeze");
        var during = Task.Run(() => StartUntilTakenAsync(engine, 50));
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System);
        await TestBroker.NodeAsync("thaw");

        await engine.ShouldAllCompleteOnceAsync([.. before, .. await during], Long);
    }

    [Fact]
    [Trait("Req", "REL-B4")]
    public async Task While_the_broker_takes_nothing_the_outbox_grows_and_then_drains()
    {
        var runs = new ShipRuns();
        await using var engine = await BrokerHost.StartEngineAsync(runs);
        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("first")]);

        await TestBroker.NodeAsync("ctl", "set_vm_memory_high_watermark", "0.00001");
        var ids = await StartInsideAsync(engine, 40);
        await Eventually.HoldsAsync(async () => (await engine.Outbox.ReadUnconfirmedAsync(DateTimeOffset.MaxValue, 100, default)).Count > 0, "the outbox grew");
        await Task.Delay(TimeSpan.FromSeconds(12), TimeProvider.System);
        var waiting = (await engine.Outbox.ReadUnconfirmedAsync(DateTimeOffset.MaxValue, 100, default)).Count;
        await TestBroker.NodeAsync("ctl", "set_vm_memory_high_watermark", "absolute", "2GB");

        await engine.ShouldAllCompleteOnceAsync(ids, Long);
        Assert.True(waiting >= 30, $"Only {waiting} waited");
        Assert.Single(engine.Log.All, x => x.Level == LogLevel.Warning && x.Text.Contains("takes no messages (low on memory)", StringComparison.Ordinal));
        Assert.Single(engine.Log.All, x => x.Level == LogLevel.Information && x.Text.EndsWith("takes messages again", StringComparison.Ordinal));
        Assert.DoesNotContain(engine.Log.All, x => x.Text.Contains("alarm clock had stopped", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Req", "REL-B7")]
    [Trait("Req", "REL-B14")]
    [Trait("Req", "REL-T4")]
    public async Task A_task_queue_that_was_deleted_is_declared_again_and_no_request_is_lost()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        await engine.StartParcelAsync("P-1");
        await stranger.TakeRequestAsync();
        await stranger.Channel.QueueDeleteAsync($"{engine.Prefix}.tasks.ship", ifUnused: false, ifEmpty: false);

        await engine.StartParcelAsync("P-2");
        var again = await stranger.TakeRequestAsync();
        await stranger.Channel.ExchangeDeleteAsync($"{engine.Prefix}.tasks.ship", ifUnused: false);
        await engine.StartParcelAsync("P-3");
        var third = await stranger.TakeRequestAsync();

        Assert.Equal("P-2", again.Body.GetProperty("arguments").GetProperty("number").GetString());
        Assert.Equal("P-3", third.Body.GetProperty("arguments").GetProperty("number").GetString());
    }

    [Fact]
    [Trait("Req", "REL-B3")]
    [Trait("Req", "REL-T21")]
    public async Task Queues_that_were_deleted_under_their_consumers_are_consumed_again()
    {
        var runs = new ShipRuns();
        await using var engine = await BrokerHost.StartEngineAsync(runs);
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);

        foreach (var queue in (string[])["answers", "control", "timers", "joins", "tasks.ship", "workflow.parcel"])
        {
            await stranger.Channel.QueueDeleteAsync($"{engine.Prefix}.{queue}", ifUnused: false, ifEmpty: false);
        }

        await Eventually.HoldsAsync(
            async () => (await TestBroker.ListAsync("queues", engine.Prefix + ".")).Count(x => x.TryGetProperty("consumers", out var n) && n.GetInt32() > 0) == 6,
            "all are consumed again");
        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("P-1")]);
    }

    [Fact]
    [Trait("Req", "REL-B2")]
    [Trait("Req", "REL-T1")]
    public async Task Thousands_of_publishes_in_flight_come_back_after_the_broker_was_away()
    {
        var runs = new ShipRuns();
        await using var engine = await BrokerHost.StartEngineAsync(runs);
        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("first")]);
        await TestBroker.SaveQueueDirectoryAsync();

        var starting = StartInsideAsync(engine, 3_000);
        await Eventually.HoldsAsync(() => Task.FromResult(runs.All.Count > 100), "some are on their way");
        await TestBroker.NodeAsync("kill");
        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        await TestBroker.NodeAsync("start");

        await engine.ShouldAllCompleteOnceAsync(await starting, TimeSpan.FromMinutes(5));
    }

    // Past the broker, as over HTTP: so that only what the engine sends is at stake.
    private static async Task<IReadOnlyList<Guid>> StartInsideAsync(BrokerHost engine, int count)
    {
        var starts = engine.Get<Ingress.StartIngress>();
        var receipts = await Task.WhenAll(Enumerable.Range(1, count).Select(i =>
            starts.StartAsync("parcel", $$"""{"number":"I-{{i}}","way":"plain"}""", null, CancellationToken.None)));
        Assert.All(receipts, x => Assert.Equal(Disposition.Applied, x.Disposition));
        return [.. receipts.Select(x => x.WorkflowId!.Value)];
    }

    // A client whose question got no answer in time asks again with the same key.
    private static async Task<IReadOnlyList<Guid>> StartUntilTakenAsync(BrokerHost engine, int count) => await Task.WhenAll(
        Enumerable.Range(1, count).Select(async i =>
        {
            while (true)
            {
                try
                {
                    return await engine.StartParcelAsync($"F-{i}");
                }
                catch (Client.ReceiptTimeoutException)
                {
                    // Again.
                }
            }
        }));
}
