using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Activities that run longer than the broker lets a delivery stay unacknowledged: here 20 seconds, and it looks every second.</summary>
public sealed class LongRunTests
{
    [Fact]
    [Trait("Req", "P17")]
    [Trait("Req", "REL-B5")]
    public async Task An_activity_longer_than_the_brokers_limit_runs_once_and_nothing_waits_behind_it()
    {
        var gate = new TaskCompletionSource();
        var runs = new ShipRuns(token => gate.Task.WaitAsync(token));
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var worker = await BrokerHost.StartWorkerAsync(engine.Prefix, runs, slots: 1);
        await using var control = await HoldingConsumer.StartAsync(engine.Prefix);
        var first = await engine.StartParcelAsync("P-1");
        await Eventually.HoldsAsync(() => Task.FromResult(runs.All.Count == 1), "the first runs");
        var second = await engine.StartParcelAsync("P-2");

        await Task.Delay(TimeSpan.FromSeconds(45), TimeProvider.System);
        var queue = (await TestBroker.ListAsync("queues", $"{engine.Prefix}.tasks.ship")).Single();
        var runsMeanwhile = runs.All.Count;
        gate.SetResult();

        await engine.ShouldAllCompleteOnceAsync([first, second]);
        Assert.Contains("PRECONDITION_FAILED", await control.CutOff.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System), StringComparison.Ordinal);
        Assert.Equal(1, runsMeanwhile);
        Assert.Equal([("P-1", 1), ("P-2", 1)], runs.All);
        Assert.Equal(0, queue.GetProperty("messages_unacknowledged").GetInt32());
        Assert.Equal(1, queue.GetProperty("messages_ready").GetInt32());
        Assert.Equal(0, queue.GetProperty("consumers").GetInt32());
        Assert.DoesNotContain(worker.Log.All, x => x.Text.Contains("interrupted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_worker_takes_what_a_busy_one_leaves()
    {
        var gate = new TaskCompletionSource();
        var busy = new ShipRuns(token => gate.Task.WaitAsync(token));
        var idle = new ShipRuns();
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var first = await BrokerHost.StartWorkerAsync(engine.Prefix, busy, slots: 1);
        var held = await engine.StartParcelAsync("P-1");
        await Eventually.HoldsAsync(() => Task.FromResult(busy.All.Count == 1), "the first runs");
        await Eventually.HoldsAsync(
            async () => (await engine.Get<IWorkflowReader>().ReadHistoryAsync(held, 0, 10, default)).Any(x => x.Kind == HistoryKind.AttemptStarted), "it is started");

        await using var second = await BrokerHost.StartWorkerAsync(engine.Prefix, idle, slots: 1);
        var others = await engine.StartParcelsAsync(10);
        await engine.ShouldAllCompleteOnceAsync(others.Except([held]).ToList());
        gate.SetResult();

        await engine.ShouldAllCompleteOnceAsync([held]);
        Assert.Single(busy.All);
    }
}
