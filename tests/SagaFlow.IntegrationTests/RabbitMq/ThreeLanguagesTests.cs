using System.Text.Json;
using RabbitMQ.Client;
using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Every message three times, shuffled, from C#, Node and Python at once: the workflows end as if nothing had happened.</summary>
[Collection(BrokerCollection.Name)]
public sealed class ThreeLanguagesTests
{
    private const int Parcels = 40;
    private const int Copies = 3;

    [Fact]
    [Trait("Req", "E13")]
    [Trait("Req", "P10")]
    public async Task End_states_are_those_of_the_undisturbed_run()
    {
        var undisturbed = await RunAsync((_, messages) => SendFromHereAsync(messages));
        var shuffled = await RunAsync(SendFromEverywhereAsync);

        Assert.Equal(Parcels, undisturbed.Count);
        Assert.Equal(undisturbed, shuffled);
        Assert.Contains(undisturbed, x => x.Contains("Completed", StringComparison.Ordinal));
        Assert.Contains(undisturbed, x => x.Contains("NoTruck", StringComparison.Ordinal));
    }

    // What became of each parcel: status, result or failure, its activity's end, and how often that was noted.
    private static async Task<IReadOnlyList<string>> RunAsync(Func<string, IReadOnlyList<PublishedMessage>, Task> sendAsync)
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        await sendAsync(engine.Prefix, [.. Enumerable.Range(1, Parcels).Select(i => Start(engine.Prefix, i))]);
        var answers = new List<PublishedMessage>();
        for (var i = 0; i < Parcels; i++)
        {
            var (request, _) = await stranger.TakeRequestAsync();
            answers.AddRange(Answers(engine.Prefix, request));
        }

        await sendAsync(engine.Prefix, answers);
        Assert.Null(await stranger.TryTakeAsync($"{engine.Prefix}.tasks.ship"));
        await ShouldBeReadAsync(engine, stranger);
        Assert.Empty(await engine.Get<IMessageQuarantine>().ListAsync());
        return await DescribeAsync(engine);
    }

    private static PublishedMessage Start(string prefix, int i) => new(
        $"{prefix}.control", "", Json(new { kind = "start", workflowType = "parcel", message = new { number = $"P-{i}", way = "plain" } }));

    // Each fifth parcel fails.
    private static IEnumerable<PublishedMessage> Answers(string prefix, JsonElement request)
    {
        var taskToken = request.GetProperty("taskToken").GetString();
        var number = request.GetProperty("arguments").GetProperty("number").GetString()!;
        object outcome = int.Parse(number[2..]) % 5 == 0
            ? new { kind = "failed", taskToken, failure = new { type = "NoTruck", message = number, retryable = false } }
            : new { kind = "completed", taskToken, result = new { parcelId = number } };
        object[] all = [new { kind = "started", taskToken }, new { kind = "heartbeat", taskToken, sequence = 1, checkpoint = 40 }, outcome];
        return all.Select(x => new PublishedMessage($"{prefix}.answers", "any", Json(x)));
    }

    private static async Task SendFromHereAsync(IEnumerable<PublishedMessage> messages)
    {
        await using var connection = await TestBroker.ConnectAsync();
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(confirmed);
        foreach (var message in messages)
        {
            await channel.BasicPublishAsync(message.Exchange, message.RoutingKey, mandatory: true, new BasicProperties(), System.Text.Encoding.UTF8.GetBytes(message.Body));
        }
    }

    private static async Task SendFromEverywhereAsync(string prefix, IReadOnlyList<PublishedMessage> messages)
    {
        var all = Enumerable.Repeat(messages, Copies).SelectMany(x => x).ToArray();
        new Random(7).Shuffle(all);
        var parts = all.Chunk((all.Length + 2) / 3).ToList();
        await Task.WhenAll(SendFromHereAsync(parts[0]), ForeignPrograms.PublishAsync("node", parts[1]), ForeignPrograms.PublishAsync("python", parts[2]));
    }

    // The queues are asked themselves: the management page's counts are seconds old.
    private static Task ShouldBeReadAsync(BrokerHost engine, Stranger stranger) => Eventually.HoldsAsync(
        async () =>
        {
            foreach (var queue in (string[])["control", "answers", "joins", "timers"])
            {
                if (await stranger.Channel.MessageCountAsync($"{engine.Prefix}.{queue}") > 0)
                {
                    return false;
                }
            }

            return (await Task.WhenAll(Enumerable.Range(1, Parcels).Select(i => FindAsync(engine, i)))).All(x => x.Status != WorkflowStatus.Running);
        },
        "all queues are empty and all workflows have ended");

    private static async Task<WorkflowRecord> FindAsync(BrokerHost engine, int i) =>
        (await engine.Get<IWorkflowReader>().FindWorkflowAsync(Contracts.WireIds.Workflow(engine.Prefix, "parcel", $"P-{i}"), default))!;

    private static async Task<IReadOnlyList<string>> DescribeAsync(BrokerHost engine)
    {
        var reader = engine.Get<IWorkflowReader>();
        var described = new List<string>();
        for (var i = 1; i <= Parcels; i++)
        {
            var workflow = await FindAsync(engine, i);
            var activity = Assert.Single(await reader.ReadActivitiesAsync(workflow.Id, default));
            var ends = (await reader.ReadHistoryAsync(workflow.Id, 0, 100, default)).Count(
                x => x.Kind is HistoryKind.ActivityCompleted or HistoryKind.ActivityFailed or HistoryKind.WorkflowCompleted or HistoryKind.WorkflowFailed);
            described.Add($"{workflow.BusinessKey} {workflow.Status} {workflow.Result} {workflow.Failure} {activity.Status} {activity.Attempt} {activity.Result} {ends}");
        }

        return described;
    }

    private static string Json(object message) => JsonSerializer.Serialize(message);
}
