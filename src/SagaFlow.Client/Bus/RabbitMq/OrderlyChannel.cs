using MassTransit;
using MassTransit.Configuration;
using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>A receive endpoint's channel on which exchanges, queues and bindings are declared one after the other.</summary>
/// <remarks>The bus declares them all at once. When the connection breaks meanwhile, the broker's client disposes the semaphore at which all but
/// one of them wait; the first in that line is then never woken, not even by its time limit, and the endpoint never comes back.</remarks>
internal sealed class OrderlyChannel(ChannelContext channel) : ProxyPipeContext(channel), ChannelContext
{
    private readonly Lock _line = new();
    private Task _last = Task.CompletedTask;

    public IChannel Channel => channel.Channel;

    public ConnectionContext ConnectionContext => channel.ConnectionContext;

    /// <summary>Makes an endpoint declare what it needs in order, with each new channel. Does nothing on another transport.</summary>
    public static void Configure(IReceiveEndpointConfigurator endpoint)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.ConfigureChannel(pipe => pipe.UseFilter(new Filter()));
        }
    }

    public Task ExchangeDeclare(
        string exchange, string type, bool durable, bool autoDelete, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        InTurnAsync(() => channel.ExchangeDeclare(exchange, type, durable, autoDelete, arguments, cancellationToken));

    public Task ExchangeDeclarePassive(string exchange, CancellationToken cancellationToken) =>
        InTurnAsync(() => channel.ExchangeDeclarePassive(exchange, cancellationToken));

    public Task ExchangeBind(
        string destination, string source, string routingKey, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        InTurnAsync(() => channel.ExchangeBind(destination, source, routingKey, arguments, cancellationToken));

    public Task QueueBind(string queue, string exchange, string routingKey, IDictionary<string, object> arguments, CancellationToken cancellationToken) =>
        InTurnAsync(() => channel.QueueBind(queue, exchange, routingKey, arguments, cancellationToken));

    public async Task<QueueDeclareOk> QueueDeclare(
        string queue, bool durable, bool exclusive, bool autoDelete, IDictionary<string, object> arguments, CancellationToken cancellationToken)
    {
        QueueDeclareOk? declared = null;
        await InTurnAsync(
            async () => declared = await channel.QueueDeclare(queue, durable, exclusive, autoDelete, arguments, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return declared!;
    }

    public Task<QueueDeclareOk> QueueDeclarePassive(string queue, CancellationToken cancellationToken) => channel.QueueDeclarePassive(queue, cancellationToken);

    public Task<uint> QueuePurge(string queue, CancellationToken cancellationToken) => channel.QueuePurge(queue, cancellationToken);

    public Task BasicQos(uint prefetchSize, ushort prefetchCount, bool global, CancellationToken cancellationToken) =>
        channel.BasicQos(prefetchSize, prefetchCount, global, cancellationToken);

    public Task BasicPublishAsync(
        string exchange, string routingKey, bool mandatory, BasicProperties basicProperties, byte[] body, bool awaitAck, CancellationToken cancellationToken) =>
        channel.BasicPublishAsync(exchange, routingKey, mandatory, basicProperties, body, awaitAck, cancellationToken);

    public ValueTask BasicAck(ulong deliveryTag, bool multiple, CancellationToken cancellationToken) =>
        channel.BasicAck(deliveryTag, multiple, cancellationToken);

    public Task BasicNack(ulong deliveryTag, bool multiple, bool requeue, CancellationToken cancellationToken) =>
        channel.BasicNack(deliveryTag, multiple, requeue, cancellationToken);

    public Task<string> BasicConsume(
        string queue, bool noAck, bool exclusive, IDictionary<string, object> arguments, IAsyncBasicConsumer consumer, string consumerTag,
        CancellationToken cancellationToken) =>
        channel.BasicConsume(queue, noAck, exclusive, arguments, consumer, consumerTag, cancellationToken);

    public Task BasicCancel(string consumerTag, CancellationToken cancellationToken) => channel.BasicCancel(consumerTag, cancellationToken);

    public void NotifyFaulted(Exception exception, Uri inputAddress) => channel.NotifyFaulted(exception, inputAddress);

    private Task InTurnAsync(Func<Task> declare)
    {
        lock (_line)
        {
            return _last = RunAfterAsync(_last, declare);
        }
    }

    // Whatever became of the one before: its caller knows.
    private static async Task RunAfterAsync(Task last, Func<Task> declare)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await declare().ConfigureAwait(false);
    }

    private sealed class Filter : IFilter<ChannelContext>
    {
        public Task Send(ChannelContext context, IPipe<ChannelContext> next) => next.Send(new OrderlyChannel(context));

        public void Probe(ProbeContext context) => context.CreateFilterScope("sagaflow-orderly-channel");
    }
}
