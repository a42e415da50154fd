using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>A service in any language: it knows the names on the broker and JSON, and nothing of SagaFlow.</summary>
internal sealed class Stranger : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _prefix;
    private readonly Channel<BasicDeliverEventArgs> _receipts = System.Threading.Channels.Channel.CreateUnbounded<BasicDeliverEventArgs>();
    private string _replies = "";
    private IConnection? _taking;

    private Stranger(IConnection connection, IChannel channel, string prefix) => (_connection, _channel, _prefix) = (connection, channel, prefix);

    public IChannel Channel => _channel;

    public static async Task<Stranger> ConnectAsync(string prefix)
    {
        var connection = await TestBroker.ConnectAsync();
        var stranger = new Stranger(connection, await connection.CreateChannelAsync(), prefix);
        stranger._replies = (await stranger._channel.QueueDeclareAsync()).QueueName;
        var consumer = new AsyncEventingBasicConsumer(stranger._channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The memory is the client's again when this returns.
            stranger._receipts.Writer.TryWrite(new BasicDeliverEventArgs(
                delivery.ConsumerTag, delivery.DeliveryTag, delivery.Redelivered, delivery.Exchange, delivery.RoutingKey, new BasicProperties(delivery.BasicProperties), delivery.Body.ToArray()));
            return Task.CompletedTask;
        };
        await stranger._channel.BasicConsumeAsync(stranger._replies, autoAck: true, consumer);
        return stranger;
    }

    /// <summary>Takes the next request from a task queue, once there is one, and acknowledges it.</summary>
    public async Task<(JsonElement Body, IReadOnlyBasicProperties Properties)> TakeRequestAsync(string? queue = null)
    {
        BasicGetResult? result = null;
        await Eventually.HoldsAsync(async () => (result = await TryTakeAsync(queue ?? $"{_prefix}.tasks.ship")) is not null, "a request came");
        return (JsonDocument.Parse(result!.Body.ToArray()).RootElement, result.BasicProperties);
    }

    public async Task<string> TakeTokenAsync(string taskQueue = "ship") =>
        (await TakeRequestAsync($"{_prefix}.tasks.{taskQueue}")).Body.GetProperty("taskToken").GetString()!;

    /// <summary>Publishes an answer and gives what its receipt says about it.</summary>
    public async Task<string> ToldAsync(object answer) => (await AnswerAsync(answer)).GetProperty("disposition").GetString()!;

    /// <summary>Sends a start, signal, cancel or query and waits for the reply.</summary>
    public Task<JsonElement> AskAsync(object control) => AnswerAsync(control, exchange: $"{_prefix}.control");

    /// <summary>Publishes an answer and waits for its receipt.</summary>
    public async Task<JsonElement> AnswerAsync(
        object answer, string? messageId = null, string? exchange = null, string? contentType = "application/json", string? application = null)
    {
        var properties = new BasicProperties { ReplyTo = _replies, CorrelationId = "c-1" };
        if (contentType is not null)
        {
            properties.ContentType = contentType;
        }

        if (application is not null)
        {
            properties.AppId = application;
        }

        if (messageId is not null)
        {
            properties.MessageId = messageId;
        }

        var body = answer as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(answer);
        await _channel.BasicPublishAsync(exchange ?? $"{_prefix}.answers", exchange is null ? "any.key" : "", mandatory: true, properties, body);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var receipt = await _receipts.Reader.ReadAsync(limit.Token);
        Assert.Equal("c-1", receipt.BasicProperties.CorrelationId);
        return JsonDocument.Parse(receipt.Body).RootElement;
    }

    /// <summary>Publishes bytes and asks for nothing.</summary>
    public async Task SendAsync(string exchange, string body, string contentType) =>
        await _channel.BasicPublishAsync(exchange, "", mandatory: true, new BasicProperties { ContentType = contentType }, Encoding.UTF8.GetBytes(body));

    /// <summary>Makes a queue that gets what is published to an exchange of MassTransit's.</summary>
    public async Task<string> ListenAsync(string exchange)
    {
        await _channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
        return await BindQueueAsync(exchange, "");
    }

    /// <summary>Makes a queue that gets what an exchange routes by a key. It is taken from on another connection, so it is not exclusive.</summary>
    public async Task<string> BindQueueAsync(string exchange, string routingKey)
    {
        var queue = (await _channel.QueueDeclareAsync("", durable: false, exclusive: false, autoDelete: false)).QueueName;
        await _channel.QueueBindAsync(queue, exchange, routingKey);
        return queue;
    }

    /// <summary>Takes a message if there is one. The engine declares a task queue with the first request for it: before, the broker closes
    /// the channel that asks, and while the queue comes to be even the connection.</summary>
    public async Task<BasicGetResult?> TryTakeAsync(string queue)
    {
        _taking ??= await TestBroker.ConnectAsync();
        try
        {
            await using var channel = await _taking.CreateChannelAsync();
            return await channel.BasicGetAsync(queue, autoAck: true);
        }
        catch (OperationInterruptedException)
        {
            await _taking.DisposeAsync();
            _taking = null;
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_taking is not null)
        {
            await _taking.DisposeAsync();
        }

        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
