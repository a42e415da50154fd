using RabbitMQ.Client;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>How the deployment's own exchanges and queues are declared. Whoever needs one first makes it, so that nothing sent is lost.</summary>
internal sealed class RabbitMqTopology(BusNames names)
{
    /// <summary>Everything that the queue's name is all that an answer's key has to say.</summary>
    public const string AnswerKey = "answer";

    private static readonly string[] AnswerEvents = ["activity-completed", "activity-failed", "activity-heartbeat", "activity-started"];

    public static Dictionary<string, object?> QuorumQueue => new(StringComparer.Ordinal) { [Headers.XQueueType] = "quorum" };

    /// <summary>What kind of exchange stands before a queue of the deployment.</summary>
    public string ExchangeTypeOf(string name) => name == names.Answers || name == names.Cancel ? ExchangeType.Topic : ExchangeType.Fanout;

    /// <summary>With what the queue is bound to the exchange of its name.</summary>
    public string BindingOf(string queue) => queue == names.Answers ? "#" : "";

    public string RoutingKeyOf(string queue) => queue == names.Answers ? AnswerKey : "";

    /// <summary>Declares an exchange of the deployment, its queue if it has one, and what is bound to it. It may be there already.</summary>
    public async Task DeclareAsync(IChannel channel, string name, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(name, ExchangeTypeOf(name), durable: true, autoDelete: false, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (name == names.Cancel)
        {
            return;
        }

        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, QuorumQueue, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueBindAsync(name, name, BindingOf(name), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (name == names.Answers)
        {
            await DeclareAnswerEventsAsync(channel, cancellationToken).ConfigureAwait(false);
        }
    }

    // For services on MassTransit, which publish to an exchange named after the message's type.
    private async Task DeclareAnswerEventsAsync(IChannel channel, CancellationToken cancellationToken)
    {
        foreach (var kind in AnswerEvents)
        {
            var exchange = $"{names.Prefix}.{kind}";
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.ExchangeBindAsync(names.Answers, exchange, "", cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
