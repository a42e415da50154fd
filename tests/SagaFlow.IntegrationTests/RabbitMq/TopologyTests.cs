using System.Text.Json;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>What a person sees in the broker's management UI.</summary>
[Collection(BrokerCollection.Name)]
public sealed class TopologyTests
{
    [Fact]
    public async Task The_broker_holds_exactly_the_names_that_the_wire_documents()
    {
        await using var engine = await BrokerHost.StartEngineAsync(new ShipRuns());
        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("P-1")]);
        var prefix = engine.Prefix + ".";

        var queues = await TestBroker.ListAsync("queues", prefix);
        var exchanges = await TestBroker.ListAsync("exchanges", prefix);
        var bindings = await TestBroker.ListAsync("bindings", prefix);

        Assert.Equal(
            ["answers", "control", "joins", "tasks.ship", "timers", "workflow.parcel"],
            queues.Select(x => TestBroker.NameOf(x)[prefix.Length..]).Order(StringComparer.Ordinal));
        Assert.All(queues, x => Assert.Equal("quorum", x.GetProperty("type").GetString()));
        Assert.All(queues, x => Assert.Equal("""{"x-queue-type":"quorum"}""", x.GetProperty("arguments").GetRawText()));
        Assert.All(queues, x => Assert.True(x.GetProperty("durable").GetBoolean()));
        Assert.Equal(
            [
                "activity-completed fanout", "activity-failed fanout", "activity-heartbeat fanout", "activity-started fanout", "answers topic",
                "cancel topic", "control fanout", "joins fanout", "tasks.ship fanout", "timers fanout", "workflow.parcel fanout",
            ],
            exchanges.Select(x => $"{TestBroker.NameOf(x)[prefix.Length..]} {x.GetProperty("type").GetString()}").Order(StringComparer.Ordinal));
        Assert.Equal(["answers -#-> answers", "tasks.ship --> tasks.ship"], QueueBindings(bindings, prefix, "answers", "tasks.ship"));
        Assert.Equal(
            ["activity-completed", "activity-failed", "activity-heartbeat", "activity-started"],
            bindings.Where(x => x.GetProperty("destination_type").GetString() == "exchange" && TestBroker.NameOf(x) == prefix + "answers")
                .Select(x => x.GetProperty("source").GetString()![prefix.Length..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_workflows_queue_gets_the_messages_of_its_events_and_nothing_of_the_engines()
    {
        await using var engine = await BrokerHost.StartEngineAsync();

        var bindings = await TestBroker.ListAsync("bindings", $"{engine.Prefix}.workflow.parcel");

        Assert.Equal(
            ["", "SagaFlow.IntegrationTests.RabbitMq:AddNote", "SagaFlow.IntegrationTests.RabbitMq:SendParcel", $"{engine.Prefix}.workflow.parcel"],
            bindings.Select(x => x.GetProperty("source").GetString()!).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> QueueBindings(IEnumerable<JsonElement> bindings, string prefix, params string[] queues) =>
        from binding in bindings
        let source = binding.GetProperty("source").GetString()!
        where source.Length > 0 && binding.GetProperty("destination_type").GetString() == "queue"
        let queue = TestBroker.NameOf(binding)[prefix.Length..]
        where queues.Contains(queue)
        orderby queue
        select $"{source[prefix.Length..]} -{binding.GetProperty("routing_key").GetString()}-> {queue}";
}
