using System.Text.Json;
using RabbitMQ.Client;
using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The samples in Node and Python, as they are in the repository, with a real engine.</summary>
[Collection(BrokerCollection.Name)]
public sealed class SampleClientTests
{
    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    [Trait("Req", "E13")]
    [Trait("Req", "M2")]
    public async Task A_worker_does_what_workflows_ask_for_and_every_receipt_says_applied(string language)
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        using var worker = await ForeignPrograms.StartSampleAsync(language, "worker", ["ship", engine.Prefix]);

        var ids = await engine.StartParcelsAsync(20);
        await engine.ShouldAllCompleteOnceAsync(ids);

        await worker.WaitUntilAsync(() => worker.Receipts().Count == 20);
        Assert.All(worker.Receipts(), x => Assert.Equal("applied", x.GetProperty("disposition").GetString()));
        Assert.Equal($"parcel of P-1 by {language}", (await engine.Workflows.GetResultAsync<Shipped>(ids[0]))!.ParcelId);
    }

    [Theory]
    [InlineData("node", "python")]
    [InlineData("python", "node")]
    [Trait("Req", "C1")]
    [Trait("Req", "D3")]
    [Trait("Req", "E15")]
    [Trait("Req", "E17")]
    public async Task A_worker_hands_its_token_to_a_completer_in_another_language(string workerLanguage, string completerLanguage)
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        var queue = $"{engine.Prefix}-parcels";
        using var completer = await ForeignPrograms.StartSampleAsync(completerLanguage, "completer", [queue]);
        using var worker = await ForeignPrograms.StartSampleAsync(workerLanguage, "worker", ["ship", engine.Prefix], ("HAND_ON", queue));

        var ids = await engine.StartParcelsAsync(10);
        await engine.ShouldAllCompleteOnceAsync(ids);

        await completer.WaitUntilAsync(() => completer.Receipts().Count == 10);
        Assert.All(completer.Receipts(), x => Assert.Equal("done", x.GetProperty("verdict").GetString()));
        Assert.DoesNotContain(worker.Receipts(), x => x.GetProperty("kind").GetString() == "completed");
        Assert.Equal($"parcel of P-1 by {completerLanguage}", (await engine.Workflows.GetResultAsync<Shipped>(ids[0]))!.ParcelId);
    }

    [Theory]
    [InlineData("node", "WORK_MS", "2000")]
    [InlineData("python", "WORK_SECONDS", "2")]
    [Trait("Req", "E11")]
    public async Task Long_work_is_said_to_have_started_and_kept_alive_by_heartbeats(string language, string variable, string value)
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        using var worker = await ForeignPrograms.StartSampleAsync(language, "worker", ["ship", engine.Prefix], (variable, value));

        var id = await engine.StartParcelAsync("P-1", "watched");
        await engine.ShouldAllCompleteOnceAsync([id]);

        await worker.WaitUntilAsync(() => worker.Receipts().Any(x => x.GetProperty("kind").GetString() == "completed"));
        var kinds = worker.Receipts().Select(x => x.GetProperty("kind").GetString()!).ToList();
        Assert.Equal("started", kinds[0]);
        Assert.True(kinds.Count(x => x == "heartbeat") >= 3, string.Join(' ', kinds));
        Assert.All(worker.Receipts(), x => Assert.Equal("applied", x.GetProperty("disposition").GetString()));
    }

    [Theory]
    [InlineData("node", "WORK_MS", "600000")]
    [InlineData("python", "WORK_SECONDS", "600")]
    [Trait("Req", "REL-B5")]
    public async Task Long_work_holds_no_delivery_once_it_has_said_started(string language, string variable, string value)
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        using var worker = await ForeignPrograms.StartSampleAsync(language, "worker", ["ship", engine.Prefix], (variable, value));
        await using var connection = await TestBroker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        Task<QueueDeclareOk> QueueAsync() => channel.QueueDeclarePassiveAsync($"{engine.Prefix}.tasks.ship");
        var id = await engine.StartParcelAsync("P-1");
        await Eventually.HoldsAsync(
            async () => (await engine.Get<IWorkflowReader>().ReadActivitiesAsync(id, default))[0].StartedAt is not null, "the worker said started");

        // One that does nothing else meanwhile hears its receipt only in the end, but it has left the queue.
        await Eventually.HoldsAsync(async () => worker.Receipts().Count > 0 || (await QueueAsync()).ConsumerCount == 0, "the worker acknowledged");
        await worker.KillAsync();

        await Eventually.HoldsAsync(async () => (await QueueAsync()).ConsumerCount == 0, "the worker was gone");
        Assert.Equal(0u, (await QueueAsync()).MessageCount);
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    [Trait("Req", "C1")]
    [Trait("Req", "E14")]
    [Trait("Req", "E27")]
    public async Task An_activity_that_a_worker_does_not_know_is_failed_by_it(string language)
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        using var worker = await ForeignPrograms.StartSampleAsync(language, "worker", ["insure", engine.Prefix]);

        var id = await engine.StartParcelAsync("P-1", "insured");

        await Eventually.HoldsAsync(
            async () => (await engine.Get<IWorkflowReader>().FindWorkflowAsync(id, default))!.Status == WorkflowStatus.Failed, "the workflow failed");
        var workflow = await engine.Get<IWorkflowReader>().FindWorkflowAsync(id, default);
        Assert.Contains("UnknownActivity", workflow!.Failure, StringComparison.Ordinal);
    }
}
