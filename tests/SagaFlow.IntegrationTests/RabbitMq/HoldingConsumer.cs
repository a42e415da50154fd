using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>A worker as one would write it first: it holds its delivery while it works, and the broker cuts it off.</summary>
internal sealed class HoldingConsumer : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly TaskCompletionSource<string> _cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HoldingConsumer(IConnection connection) => _connection = connection;

    /// <summary>Ends when the broker has closed its channel, with the reason.</summary>
    public Task<string> CutOff => _cutOff.Task;

    /// <summary>Takes a message of its own from a quorum queue of its own, and holds it.</summary>
    public static async Task<HoldingConsumer> StartAsync(string prefix)
    {
        var consumer = new HoldingConsumer(await TestBroker.ConnectAsync());
        var channel = await consumer._connection.CreateChannelAsync();
        channel.ChannelShutdownAsync += (_, args) =>
        {
            consumer._cutOff.TrySetResult(args.ReplyText);
            return Task.CompletedTask;
        };
        var queue = $"{prefix}-control";
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { [Headers.XQueueType] = "quorum" });
        await channel.BasicPublishAsync("", queue, "work"u8.ToArray());
        await channel.BasicConsumeAsync(queue, autoAck: false, new AsyncEventingBasicConsumer(channel));
        return consumer;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
