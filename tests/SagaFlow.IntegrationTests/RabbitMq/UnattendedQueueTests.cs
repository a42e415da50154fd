using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>A task queue of the broker that nobody consumes.</summary>
public sealed class UnattendedQueueTests
{
    [Fact]
    [Trait("Req", "P18")]
    public async Task A_request_that_nobody_takes_for_half_a_minute_is_on_record_and_still_runs_when_a_worker_comes()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        var id = await engine.StartParcelAsync("P-1");

        await Eventually.HoldsAsync(async () => (await UnattendedAsync(engine, id)).Count > 0, "it is on record");
        var record = Assert.Single(await UnattendedAsync(engine, id));
        await using var worker = await BrokerHost.StartWorkerAsync(engine.Prefix, new ShipRuns(), slots: 2);

        Assert.Equal(("Ship-1", 1), (record.ActivityId, record.Attempt));
        Assert.Contains(engine.Log.All, x => x.Text.Contains("has had no consumer", StringComparison.Ordinal));
        await engine.ShouldAllCompleteOnceAsync([id]);
    }

    private static async Task<IReadOnlyList<HistoryEvent>> UnattendedAsync(BrokerHost engine, Guid id) =>
        [.. (await engine.Get<IWorkflowReader>().ReadHistoryAsync(id, 0, 100, default)).Where(x => x.Kind == HistoryKind.ActivityUnattended)];
}
