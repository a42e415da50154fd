using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>One connection that consumes a queue, for as long as it lasts.</summary>
internal sealed class RabbitMqConsumerSession : IDisposable
{
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(2);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RabbitMqConsumerSession(IConnection connection, IChannel channel, string queue)
    {
        (_connection, _channel, _queue) = (connection, channel, queue);
        channel.ChannelShutdownAsync += (_, args) => EndAsync(args.ReplyText);
    }

    /// <summary>Ends, with the reason, when nothing is consumed here any more.</summary>
    public Task<string> Ended => _ended.Task;

    public static async Task<RabbitMqConsumerSession> OpenAsync(ConnectionFactory factory, string queue, CancellationToken cancellationToken)
    {
        var connection = await factory.CreateConnectionAsync([factory.HostName], $"{queue} worker of {Environment.MachineName}", cancellationToken).ConfigureAwait(false);
        return await OnAsync(connection, queue, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins a session on a connection, which is closed with it.</summary>
    public static async Task<RabbitMqConsumerSession> OnAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        try
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            // Not for the channel as a whole: quorum queues do not know that.
            await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false, cancellationToken).ConfigureAwait(false);
            return new RabbitMqConsumerSession(connection, channel, queue);
        }
        catch
        {
            _ = CloseAsync(connection);
            throw;
        }
    }

    public async Task DeclareAsync(RabbitMqTopology topology)
    {
        var channel = await _connection.CreateChannelAsync().ConfigureAwait(false);
        try
        {
            await topology.DeclareAsync(channel, _queue, CancellationToken.None).ConfigureAwait(false);
            await channel.CloseAsync().ConfigureAwait(false);
        }
        catch (OperationInterruptedException exception) when (RabbitMqErrors.MissingRight(exception) is not null || RabbitMqErrors.IsOtherwise(exception))
        {
            // An operator may declare the queues: whether it is there is seen when it is consumed.
        }
    }

    /// <summary>Consumes one delivery at a time; what is not acknowledged keeps the next away.</summary>
    public async Task<string> ConsumeAsync(ChannelWriter<RabbitMqDelivery> deliveries) =>
        await _channel.BasicConsumeAsync(_queue, autoAck: false, new Consumer(this, deliveries), CancellationToken.None).ConfigureAwait(false);

    public Task CancelAsync(string consumerTag) => _channel.BasicCancelAsync(consumerTag, cancellationToken: CancellationToken.None);

    public ValueTask AcknowledgeAsync(ulong deliveryTag) => _channel.BasicAckAsync(deliveryTag, multiple: false, CancellationToken.None);

    public ValueTask GiveBackAsync(ulong deliveryTag) => _channel.BasicNackAsync(deliveryTag, multiple: false, requeue: true, CancellationToken.None);

    /// <summary>Ends a session on which something went wrong that leaves open what the broker still delivers to it: all that is in hand goes back.</summary>
    public void GiveUp(string reason)
    {
        if (_ended.TrySetResult(reason))
        {
            _ = CloseAsync(_connection);
        }
    }

    public void Dispose()
    {
        _ended.TrySetResult("closed");
        _ = CloseAsync(_connection);
    }

    private Task EndAsync(string reason)
    {
        _ended.TrySetResult(reason);
        return Task.CompletedTask;
    }

    private static async Task CloseAsync(IConnection connection)
    {
        await connection.AbortAsync(LongestClose).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Consumer(RabbitMqConsumerSession session, ChannelWriter<RabbitMqDelivery> deliveries) : AsyncDefaultBasicConsumer(session._channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            // The client takes the memory back when this returns.
            var message = RabbitMqMessages.Read(body.ToArray(), properties, redelivered);
            deliveries.TryWrite(new RabbitMqDelivery(session, deliveryTag, message));
            return Task.CompletedTask;
        }

        // Whatever was on its way has come: this is told in order.
        public override Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            deliveries.TryComplete();
            return base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
        }

        // The broker ended it, as when the queue is deleted.
        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default) =>
            session.EndAsync("the broker canceled the consumer");
    }
}
