using System.Text;
using RabbitMQ.Client;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Services that know nothing but JSON and the names on the broker.</summary>
[Collection(BrokerCollection.Name)]
public sealed class StrangerTests
{
    [Fact]
    [Trait("Req", "E13")]
    [Trait("Req", "REL-4.6-58")]
    public async Task A_plain_request_is_answered_with_plain_json_and_a_receipt()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        var id = await engine.StartParcelAsync("P-1");

        var (request, properties) = await stranger.TakeRequestAsync();
        var receipt = await stranger.AnswerAsync(new
        {
            kind = "completed",
            taskToken = request.GetProperty("taskToken").GetString(),
            result = new { parcelId = "DE-7" },
        });

        Assert.Equal("application/json", properties.ContentType);
        Assert.Equal(DeliveryModes.Persistent, properties.DeliveryMode);
        Assert.Equal(request.GetProperty("messageId").GetString(), properties.MessageId);
        Assert.Equal("P-1", request.GetProperty("arguments").GetProperty("number").GetString());
        Assert.Equal($"{engine.Prefix}.answers", request.GetProperty("answerTo").GetProperty("exchange").GetString());
        Assert.Equal("applied", receipt.GetProperty("disposition").GetString());
        Assert.Equal("DE-7", (await engine.Workflows.GetResultAsync<Shipped>(id))!.ParcelId);
    }

    [Fact]
    [Trait("Req", "E14")]
    public async Task A_plain_failure_fails_the_workflow_with_its_type_and_message()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        var id = await engine.StartParcelAsync("P-1");

        await stranger.AnswerAsync(new
        {
            kind = "failed",
            taskToken = await stranger.TakeTokenAsync(),
            failure = new { type = "NoTruck", message = "All trucks are out", retryable = false },
        });

        var workflow = await engine.Get<IWorkflowReader>().FindWorkflowAsync(id, default);
        Assert.Equal(WorkflowStatus.Failed, workflow!.Status);
        Assert.Contains("NoTruck", workflow.Failure, StringComparison.Ordinal);
        Assert.Contains("All trucks are out", workflow.Failure, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "E15")]
    [Trait("Req", "P10")]
    [Trait("Req", "REL-4.6-56")]
    public async Task One_token_serves_heartbeat_and_completion_and_repeats_without_an_id_are_told_as_such()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        await engine.StartParcelAsync("P-1");
        var taskToken = await stranger.TakeTokenAsync();
        var completed = new { kind = "completed", taskToken, result = new { parcelId = "DE-7" } };

        string[] dispositions =
        [
            Disposition(await stranger.AnswerAsync(new { kind = "started", taskToken })),
            Disposition(await stranger.AnswerAsync(new { kind = "heartbeat", taskToken, sequence = 1, checkpoint = 40 })),
            Disposition(await stranger.AnswerAsync(completed)),
            Disposition(await stranger.AnswerAsync(completed)),
            Disposition(await stranger.AnswerAsync(completed)),
            Disposition(await stranger.AnswerAsync(new { kind = "completed", taskToken, result = new { parcelId = "other" } })),
        ];

        Assert.Equal(["applied", "applied", "applied", "duplicate", "duplicate", "duplicate_conflict"], dispositions);
        Assert.Empty(await QueuesOfErrorsAsync(engine.Prefix));
    }

    [Fact]
    [Trait("Req", "REL-4.6-57")]
    public async Task The_same_message_id_three_times_applies_once()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        await engine.StartParcelAsync("P-1");
        var completed = new { kind = "completed", taskToken = await stranger.TakeTokenAsync(), result = new { parcelId = "DE-7" } };

        string[] dispositions =
        [
            Disposition(await stranger.AnswerAsync(completed, "order 7 / final")),
            Disposition(await stranger.AnswerAsync(completed, "order 7 / final")),
            Disposition(await stranger.AnswerAsync(completed, "order 7 / final")),
        ];

        Assert.Equal(["applied", "duplicate", "duplicate"], dispositions);
    }

    [Fact]
    public async Task An_envelope_of_MassTransit_on_the_exchange_of_its_event_is_an_answer()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        var id = await engine.StartParcelAsync("P-1");
        var envelope = new
        {
            messageType = new[] { "urn:message:sagaflow:activity-completed" },
            message = new { taskToken = await stranger.TakeTokenAsync(), result = new { parcelId = "DE-7" } },
        };

        var receipt = await stranger.AnswerAsync(envelope, exchange: $"{engine.Prefix}.activity-completed", contentType: "application/vnd.masstransit+json");

        Assert.Equal("applied", Disposition(receipt));
        Assert.Equal("DE-7", (await engine.Workflows.GetResultAsync<Shipped>(id))!.ParcelId);
    }

    [Theory]
    [InlineData("answers", "not json", "application/json")]
    [InlineData("answers", "<xml/>", "application/xml")]
    [InlineData("control", "{}", "application/json")]
    [InlineData("timers", """{"workflowId":"00000000-0000-0000-0000-000000000001"}""", "application/json")]
    [InlineData("joins", "{}", "application/json")]
    [InlineData("workflow.parcel", "not json", "application/vnd.masstransit+json")]
    [InlineData("workflow.parcel", """{"messageType":["urn:message:Nobody:Knows"],"message":{}}""", "application/vnd.masstransit+json")]
    [InlineData("workflow.parcel", """{"number":"P-9"}""", "application/json")]
    [Trait("Req", "P10")]
    [Trait("Req", "REL-4.6-59")]
    [Trait("Req", "REL-4.6-60")]
    [Trait("Req", "REL-T23")]
    public async Task What_cannot_be_read_is_put_aside_and_no_error_queue_comes_to_be(string queue, string body, string contentType)
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);

        await stranger.SendAsync($"{engine.Prefix}.{queue}", body, contentType);

        await Eventually.HoldsAsync(async () => (await QuarantineAsync(engine)).Count == 1, $"it is in quarantine: {string.Join('\n', engine.Log.All)}", TimeSpan.FromSeconds(20));
        var aside = Assert.Single(await QuarantineAsync(engine));
        Assert.Equal($"{engine.Prefix}.{queue}", aside.Endpoint);
        Assert.Equal(body, Encoding.UTF8.GetString(aside.Body));
        Assert.Empty(await QueuesOfErrorsAsync(engine.Prefix));
    }

    [Fact]
    [Trait("Req", "P15")]
    public async Task What_a_workflow_publishes_reaches_whoever_bound_its_exchange_once()
    {
        await using var engine = await BrokerHost.StartEngineAsync(new ShipRuns());
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        var queue = await stranger.ListenAsync("SagaFlow.IntegrationTests.RabbitMq:ParcelShipped");

        var id = await engine.StartParcelAsync("P-1", "announced");
        await engine.ShouldAllCompleteOnceAsync([id]);
        await engine.OutboxShouldBecomeEmptyAsync();
        var (body, properties) = await stranger.TakeRequestAsync(queue);

        Assert.Equal("application/vnd.masstransit+json", properties.ContentType);
        Assert.Equal("parcel of P-1", body.GetProperty("message").GetProperty("parcelId").GetString());
        Assert.Null(await stranger.TryTakeAsync(queue));
    }

    private static string Disposition(System.Text.Json.JsonElement receipt) => receipt.GetProperty("disposition").GetString()!;

    private static Task<IReadOnlyList<QuarantinedMessage>> QuarantineAsync(BrokerHost engine) => engine.Get<IQuarantine>().ReadAsync(10, default);

    private static async Task<IEnumerable<string>> QueuesOfErrorsAsync(string prefix) =>
        (await TestBroker.ListAsync("queues", prefix)).Select(TestBroker.NameOf)
            .Where(x => x.EndsWith("_error", StringComparison.Ordinal) || x.EndsWith("_skipped", StringComparison.Ordinal));
}
