using System.Collections.Concurrent;
using System.Text.Json;
using DataRouting.Packets;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace DataRouting.Transmission;

/// <summary>The foreign service's own way to RabbitMQ: a queue for submissions, and plain JSON with the token to the answers' exchange.</summary>
/// <remarks>Any client in any language would do the same. It uses nothing of SagaFlow but the names and the JSON of its wire.</remarks>
public sealed class TransmitBroker : ISubmissions, IAcknowledgements
{
    private const string Submissions = "data-routing.submissions";
    private const string Answers = "sagaflow.answers";
    private static readonly TimeSpan LongestReceipt = TimeSpan.FromSeconds(5);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _receipts = new(StringComparer.Ordinal);
    private readonly string _replies = $"data-routing.replies-{Guid.NewGuid():N}";

    private TransmitBroker(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public static async Task<TransmitBroker> ConnectAsync(string address)
    {
        var factory = new ConnectionFactory
        {
            Uri = new Uri(address),
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            ClientProvidedName = $"data-routing of {Environment.MachineName}",
        };
        return await StartingAsync(factory.Endpoint, async () =>
        {
            var connection = await factory.CreateConnectionAsync();
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            var broker = new TransmitBroker(connection, await connection.CreateChannelAsync(options));
            await broker._channel.QueueDeclareAsync(
                Submissions, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
            return broker;
        });
    }

    public async Task SubmitAsync(TransmissionRequest request, CancellationToken cancellationToken) => await _channel.BasicPublishAsync(
        "", Submissions, mandatory: true, Persistent(), JsonSerializer.SerializeToUtf8Bytes(request), CancellationToken.None);

    /// <summary>Hands over each submission; it is acknowledged to the broker when <paramref name="accept"/> has it on disk.</summary>
    public Task ListenAsync(Action<TransmissionRequest> accept) => StartingAsync(_connection.Endpoint, async () =>
    {
        // A name of its own: one that the broker makes would be another after the connection was lost.
        await _channel.QueueDeclareAsync(_replies, durable: false, exclusive: true, autoDelete: true);
        var receipts = new AsyncEventingBasicConsumer(_channel);
        receipts.ReceivedAsync += (_, delivery) => Task.FromResult(TakeReceipt(delivery));
        await _channel.BasicConsumeAsync(_replies, autoAck: true, receipts);

        var submissions = new AsyncEventingBasicConsumer(_channel);
        submissions.ReceivedAsync += async (_, delivery) =>
        {
            accept(JsonSerializer.Deserialize<TransmissionRequest>(delivery.Body.Span)!);
            await _channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        return await _channel.BasicConsumeAsync(Submissions, autoAck: false, submissions);
    });

    // The engine takes a repeat for one, so that asking again is always right.
    public async Task<string?> TryAcknowledgeAsync(string taskToken, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var receipt = _receipts.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            var properties = Persistent();
            (properties.ReplyTo, properties.CorrelationId) = (_replies, id);
            var answer = new { kind = "completed", taskToken, result = new { delivered = true } };
            await _channel.BasicPublishAsync(
                Answers, "answer", mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(answer), CancellationToken.None);
            return await receipt.Task.WaitAsync(LongestReceipt, TimeProvider.System, cancellationToken);
        }
        catch (Exception exception) when (exception is RabbitMQClientException or TimeoutException)
        {
            return null;
        }
        finally
        {
            _receipts.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    // A broker that is away, or leaves while this program starts, ends it with one line; whoever runs it starts it again.
    private static async Task<T> StartingAsync<T>(AmqpTcpEndpoint where, Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException)
        {
            throw new BadInputException($"RabbitMQ at {where.HostName}:{where.Port} cannot be used: {(exception.InnerException ?? exception).Message.ReplaceLineEndings(" ")}");
        }
    }

    private static BasicProperties Persistent() => new() { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };

    private bool TakeReceipt(BasicDeliverEventArgs delivery) =>
        _receipts.TryGetValue(delivery.BasicProperties.CorrelationId ?? "", out var receipt)
        && receipt.TrySetResult(JsonDocument.Parse(delivery.Body).RootElement.GetProperty("disposition").GetString());
}
