using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Sends by RabbitMQ: persistent, confirmed, with plain properties and no envelope.</summary>
internal sealed class RabbitMqRawBus(IBusInstance instance, RabbitMqLinks links, RabbitMqTopology topology, BusNames names, TimeProvider clock, ILogger<RabbitMqRawBus> logger) : IRawBus
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    /// <remarks>What goes to a queue of the deployment is mandatory: when somebody has deleted the queue, it is declared again. A queue of
    /// anybody else's, such as one for receipts, is reached through the default exchange; when it is gone, so is the message.</remarks>
    public Task SendAsync(string queue, RawMessage message, CancellationToken cancellationToken) => names.IsReserved(queue)
        ? WithinDeadlineAsync(queue, (link, giveUp) => SendToOwnAsync(link, queue, message, giveUp), cancellationToken)
        : WithinDeadlineAsync(queue, (link, giveUp) => PublishAsync(link, "", queue, mandatory: false, message, giveUp), cancellationToken);

    public Task PublishAsync(string exchange, string routingKey, RawMessage message, CancellationToken cancellationToken) => WithinDeadlineAsync(
        exchange,
        async (link, giveUp) =>
        {
            await DeclareAsync(link, exchange).ConfigureAwait(false);
            await PublishAsync(link, exchange, routingKey, mandatory: false, message, giveUp).ConfigureAwait(false);
        },
        cancellationToken);

    public string? QueueAt(Uri address) => BusAddresses.QueueAt(instance.Bus.Address, address);

    /// <summary>Runs work on the open connection within the deadline of a publish.</summary>
    /// <exception cref="TimeoutException">The broker did not confirm in time. The message may arrive all the same.</exception>
    public async Task WithinDeadlineAsync(string target, Func<RabbitMqLink, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = new CancellationTokenSource(Deadline, clock);
        RabbitMqLink? link = null;
        long confirmedBefore = 0;
        try
        {
            // The deadline ends only the waiting: see the link. A publish can hang for ever after a broker's restart.
            link = await links.GetAsync(deadline.Token).ConfigureAwait(false);
            confirmedBefore = link.Confirmed;
            await send(link, deadline.Token).WaitAsync(deadline.Token).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            GiveUp(link, confirmedBefore);
            throw new TimeoutException($"RabbitMQ did not confirm a message for '{target}' within {Deadline.TotalSeconds} s.", exception);
        }
    }

    private async Task SendToOwnAsync(RabbitMqLink link, string queue, RawMessage message, CancellationToken giveUp)
    {
        await DeclareAsync(link, queue).ConfigureAwait(false);
        try
        {
            await PublishAsync(link, queue, topology.RoutingKeyOf(queue), mandatory: true, message, giveUp).ConfigureAwait(false);
        }
        catch (PublishException exception) when (exception.IsReturn)
        {
            logger.MessageReturned(queue);
            link.Forget(queue);
            await DeclareAsync(link, queue).ConfigureAwait(false);
            await PublishAsync(link, queue, topology.RoutingKeyOf(queue), mandatory: true, message, giveUp).ConfigureAwait(false);
        }
    }

    // A service may have no right to declare, or find what an operator has declared otherwise: then it sends to what is there.
    private Task DeclareAsync(RabbitMqLink link, string name) => link.DeclareAsync(name, async channel =>
    {
        try
        {
            await topology.DeclareAsync(channel, name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationInterruptedException exception) when (RabbitMqErrors.MissingRight(exception) is not null || RabbitMqErrors.IsOtherwise(exception))
        {
            logger.NotDeclared(name, RabbitMqErrors.Describe(exception));
        }
    });

    private static Task PublishAsync(RabbitMqLink link, string exchange, string routingKey, bool mandatory, RawMessage message, CancellationToken giveUp) =>
        link.PublishAsync(exchange, routingKey, mandatory, RabbitMqMessages.PropertiesOf(message), message.Body, giveUp);

    // A blocked broker is left alone: another connection would be blocked as well. So is a connection on which others are confirmed:
    // then it is one queue that takes nothing.
    private void GiveUp(RabbitMqLink? link, long confirmedBefore)
    {
        if (link is { IsBlocked: false } && link.Confirmed == confirmedBefore)
        {
            links.Drop(link);
        }
    }
}
