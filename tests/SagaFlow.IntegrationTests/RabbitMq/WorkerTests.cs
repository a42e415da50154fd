using System.Collections.Concurrent;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The worker's own life on a broker: capacity, single tasks, and a broker that goes away.</summary>
[Collection(BrokerCollection.Name)]
public sealed class WorkerTests
{
    private readonly ConcurrentQueue<WorkerEvent> _events = new();

    [Fact]
    [Trait("Req", "W21")]
    public async Task Capacity_changes_under_load_and_nothing_is_lost_or_done_twice()
    {
        var runs = new ShipRuns(token => Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, token));
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var host = await BrokerHost.StartWorkerAsync(engine.Prefix, runs, slots: 1, worker => worker.OnEvent(_events.Enqueue));
        var worker = host.Get<ISagaFlowWorker>();
        var starting = engine.StartParcelsAsync(200);

        foreach (var capacity in (int[])[6, 2, 0, 5, 1, 8])
        {
            var before = runs.All.Count;
            await worker.SetCapacityAsync("ship", capacity);
            Assert.Equal(capacity, worker.Pools.Single().Workers.Count);
            await Eventually.HoldsAsync(() => Task.FromResult(capacity == 0 || runs.All.Count > before + 10), "it goes on");
        }

        await engine.ShouldAllCompleteOnceAsync(await starting);
        Assert.Equal(200, runs.All.Distinct().Count());
        Assert.Equal(200, runs.All.Count);
        Assert.All(_events.OfType<WorkerStopped>(), x => Assert.Equal(WorkerExit.Success, x.Exit));
    }

    [Fact]
    [Trait("Req", "W2")]
    [Trait("Req", "W23")]
    public async Task A_single_request_is_taken_by_hand_and_the_next_one_stays()
    {
        var runs = new ShipRuns();
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var host = await BrokerHost.StartWorkerAsync(
            engine.Prefix, runs, slots: 1, worker => worker.Configure(options => options.StartsWithHost = false));
        var worker = host.Get<ISagaFlowWorker>();
        var first = await engine.StartParcelAsync("P-1");
        var second = await engine.StartParcelAsync("P-2");

        var done = await worker.RunOnceAsync("ship", TimeSpan.FromSeconds(20));
        await engine.ShouldAllCompleteOnceAsync([first]);
        var runsByHand = runs.All.Count;
        await worker.StartAsync();
        await engine.ShouldAllCompleteOnceAsync([second]);
        await worker.StopAsync();

        Assert.Equal((AttemptEnd.Completed, first, 1), (done!.End, done.Attempt!.WorkflowId, runsByHand));
        Assert.Null(await worker.RunOnceAsync("ship", TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    [Trait("Req", "W17")]
    [Trait("Req", "W20")]
    public async Task A_worker_whose_broker_is_away_gives_up_after_five_tries_and_another_one_goes_on_later()
    {
        var runs = new ShipRuns();
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var host = await BrokerHost.StartWorkerAsync(engine.Prefix, runs, slots: 1, worker => worker.OnEvent(_events.Enqueue));

        await TestBroker.NodeAsync("kill");
        try
        {
            await Eventually.HoldsAsync(() => Task.FromResult(_events.OfType<WorkerStopped>().Any()), "it gives up");
        }
        finally
        {
            await TestBroker.NodeAsync("start");
        }

        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("P-1")], TimeSpan.FromMinutes(2));
        Assert.Equal([1, 2, 3, 4, 5], _events.OfType<ConsumingFailed>().Select(x => x.Attempts).Take(5));
        Assert.Equal(WorkerExit.ErrorCode, _events.OfType<WorkerStopped>().First().Exit.Code);
        Assert.NotEmpty(_events.OfType<WorkerReplaced>());
    }
}
