using System.Text;
using RabbitMQ.Client;

namespace SagaFlow.Faults.Kinds;

/// <summary>Faults of those who answer: workers, the foreign service, and strangers.</summary>
internal static class ServiceFaults
{
    private const string Answers = "sagaflow.answers";
    private const string Relay = "faults.relay";

    public static IEnumerable<FaultKind> All =>
    [
        new("worker killed", Lane.Services, (fleet, random) => KillAsync(fleet.Workers[random.Next(fleet.Workers.Count)])),
        new("both workers killed", Lane.Services, KillBothAsync),
        new("transmit service killed", Lane.Services, (fleet, _) => KillAsync(fleet.Transmit)),
        new("answers repeated and reordered", Lane.Services, (fleet, random) => ShuffleAsync(fleet.Broker, random)),
        new("messages nobody can read", Lane.Services, (fleet, random) => PoisonAsync(fleet.Broker, random)),
    ];

    /// <summary>What stands in every message that is bad on purpose.</summary>
    public const string PoisonMark = "made unreadable by the fault run";

    /// <summary>Makes the queue that answers are held in. Early, because a queue that is younger than half a second is lost when its broker is killed.</summary>
    public static Task PrepareAsync(Broker broker) => broker.OnChannelAsync(channel => channel.QueueDeclareAsync(
        Relay, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }));

    [Trait("Req", "REL-C15")]
    private static async Task<string?> KillAsync(Part part)
    {
        await part.ReadyAsync();
        return await part.KillAsync() ? $"{part.Name} ended with 137" : null;
    }

    private static async Task<string?> KillBothAsync(Deployment fleet, Random random)
    {
        var died = await Task.WhenAll(fleet.Workers.Select(x => x.KillAsync()));
        return died.All(x => x) ? "both ended with 137" : null;
    }

    [Trait("Req", "REL-B9")]
    [Trait("Req", "REL-T23")]
    private static async Task<string?> PoisonAsync(Broker broker, Random random)
    {
        byte[][] bodies =
        [
            Encoding.UTF8.GetBytes($$"""{"kind":"completed","comment":"{{PoisonMark}}","""),
            Encoding.UTF8.GetBytes($$"""{"kind":"sung","comment":"{{PoisonMark}}"}"""),
            Encoding.UTF8.GetBytes("\0\u0001 " + PoisonMark),
        ];
        return await broker.OnChannelAsync<string?>(async channel =>
        {
            foreach (var body in bodies.OrderBy(_ => random.Next()))
            {
                await channel.BasicPublishAsync(Answers, "answer", mandatory: true, Persistent(), body);
                await channel.BasicPublishAsync("", "sagaflow.control", mandatory: true, Persistent(), body);
            }

            return $"{2 * bodies.Length} confirmed";
        });
    }

    // For some seconds every answer goes through here: held, shuffled, and sent once to three times.
    [Trait("Req", "REL-B11")]
    [Trait("Req", "REL-I7")]
    private static async Task<string?> ShuffleAsync(Broker broker, Random random)
    {
        var (taken, sent) = (0, 0);
        try
        {
            await broker.OnChannelAsync(async channel =>
            {
                await channel.QueueBindAsync(Relay, Answers, "#");
                await channel.QueueUnbindAsync(Answers, Answers, "#");
                for (var round = 0; round < 6; round++)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300, 1_000)));
                    var (more, copies) = await RelayAsync(channel, random);
                    (taken, sent) = (taken + more, sent + copies);
                }

                return true;
            });
        }
        finally
        {
            await Patience.UntilAsync(() => MendAsync(broker, random), "the answers' queue is bound again", 120);
        }

        return sent > taken ? $"{taken} answers were sent {sent} times" : null;
    }

    private static async Task<bool> MendAsync(Broker broker, Random random)
    {
        try
        {
            return await broker.OnChannelAsync(async channel =>
            {
                await channel.QueueBindAsync(Answers, Answers, "#");
                await channel.QueueUnbindAsync(Relay, Answers, "#");
                while ((await RelayAsync(channel, random)).Taken > 0)
                {
                    // Until the relay is empty.
                }

                return await channel.MessageCountAsync(Relay) == 0;
            });
        }
        catch (Exception)
        {
            // The broker is away just now.
            return false;
        }
    }

    private static async Task<(int Taken, int Sent)> RelayAsync(IChannel channel, Random random)
    {
        var held = new List<BasicGetResult>();
        while (await channel.BasicGetAsync(Relay, autoAck: false) is { } message)
        {
            held.Add(message);
        }

        var copies = held.SelectMany(x => Enumerable.Repeat(x, random.Next(1, 4))).OrderBy(_ => random.Next()).ToList();
        await Task.WhenAll(copies.Select(x => channel.BasicPublishAsync("", Answers, mandatory: true, new BasicProperties(x.BasicProperties), x.Body).AsTask()));
        foreach (var message in held)
        {
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        }

        return (held.Count, copies.Count);
    }

    private static BasicProperties Persistent() => new() { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
}
