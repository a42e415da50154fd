using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SagaFlow.Benchmarks.Broker;

/// <summary>Hands deliveries to a handler, many at a time, and acknowledges each when it is done.</summary>
internal sealed class RawConsumer(IChannel channel, Func<RawDelivery, Task> handle) : AsyncDefaultBasicConsumer(channel)
{
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        // The client takes the memory back when this returns.
        _ = RunAsync(new RawDelivery(body.ToArray(), properties.CorrelationId, properties.ReplyTo), deliveryTag);
        return Task.CompletedTask;
    }

    private async Task RunAsync(RawDelivery delivery, ulong tag)
    {
        try
        {
            await handle(delivery);
            await Channel.BasicAckAsync(tag, multiple: false);
        }
        catch (Exception exception) when (exception is AlreadyClosedException or ObjectDisposedException)
        {
            // It comes again.
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"A delivery failed: {exception}");
            await Channel.BasicNackAsync(tag, multiple: false, requeue: true);
        }
    }
}

/// <summary>Hands replies on; they need no acknowledgement.</summary>
internal sealed class ReplyConsumer(IChannel channel, Action<RawDelivery> take) : AsyncDefaultBasicConsumer(channel)
{
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        take(new RawDelivery(body.ToArray(), properties.CorrelationId, properties.ReplyTo));
        return Task.CompletedTask;
    }
}

/// <summary>What came by the broker.</summary>
internal sealed record RawDelivery(byte[] Body, string? CorrelationId, string? ReplyTo);
