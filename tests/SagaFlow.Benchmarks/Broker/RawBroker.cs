using RabbitMQ.Client;

namespace SagaFlow.Benchmarks.Broker;

/// <summary>The broker by its own client and nothing else: what driver, completer and the hand-written engine use.</summary>
internal sealed class RawBroker : IAsyncDisposable
{
    private readonly IConnection _publishing;
    private readonly IConnection _consuming;
    private readonly IChannel _publisher;

    private RawBroker(IConnection publishing, IConnection consuming, IChannel publisher) =>
        (_publishing, _consuming, _publisher) = (publishing, consuming, publisher);

    public static async Task<RawBroker> OpenAsync(string address, string name)
    {
        // Whoever loses it opens another: the client's own recovery waits five seconds.
        var factory = new ConnectionFactory { Uri = new Uri(address), AutomaticRecoveryEnabled = false };
        var publishing = await factory.CreateConnectionAsync($"{name}, publishing");
        var consuming = await factory.CreateConnectionAsync($"{name}, consuming");
        var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);
        return new RawBroker(publishing, consuming, await publishing.CreateChannelAsync(options));
    }

    /// <summary>Declares a quorum queue behind an exchange of its name, as the project's own are.</summary>
    public async Task DeclareAsync(string name, string exchangeType = ExchangeType.Fanout)
    {
        await using var channel = await _consuming.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(name, exchangeType, durable: true);
        var arguments = new Dictionary<string, object?> { [Headers.XQueueType] = "quorum" };
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments);
        await channel.QueueBindAsync(name, name, exchangeType == ExchangeType.Topic ? "#" : "");
    }

    /// <summary>Publishes a persistent message; the task ends when the broker has confirmed it.</summary>
    public Task PublishAsync(string exchange, string routingKey, ReadOnlyMemory<byte> body, string? correlationId = null, string? replyTo = null)
    {
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
        if (correlationId is not null)
        {
            properties.CorrelationId = correlationId;
        }

        if (replyTo is not null)
        {
            properties.ReplyTo = replyTo;
        }

        return _publisher.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, body).AsTask();
    }

    /// <summary>Consumes a queue; each delivery is acknowledged when its handler has ended.</summary>
    public async Task ConsumeAsync(string queue, ushort prefetch, Func<RawDelivery, Task> handle)
    {
        var channel = await _consuming.CreateChannelAsync();
        await channel.BasicQosAsync(0, prefetch, global: false);
        await channel.BasicConsumeAsync(queue, autoAck: false, new RawConsumer(channel, handle));
    }

    /// <summary>Opens a queue of this connection's own for replies.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> ReceiveRepliesAsync(Action<RawDelivery> take)
    {
        var channel = await _consuming.CreateChannelAsync();
        var queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true);
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, new ReplyConsumer(channel, take));
        return queue.QueueName;
    }

    public async ValueTask DisposeAsync()
    {
        await _consuming.DisposeAsync();
        await _publishing.DisposeAsync();
    }
}
