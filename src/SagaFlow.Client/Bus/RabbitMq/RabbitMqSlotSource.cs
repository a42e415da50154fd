using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Slots on RabbitMQ: one consumer for each, so that a slot which is busy takes nothing.</summary>
internal sealed class RabbitMqSlotSource(
    RabbitMqLinks links, RabbitMqTopology topology, TimeProvider clock, ILogger<RabbitMqSlotSource> logger) : ISlotSource
{
    public async Task<ISlotConsumer> ConsumeAsync(string queue, int slots, SlotReceiver receive, CancellationToken cancellationToken)
    {
        var consumer = new RabbitMqSlotConsumer(queue, slots, receive, token => OpenAsync(queue, token), clock, logger);
        await consumer.StartAsync(cancellationToken).ConfigureAwait(false);
        return consumer;
    }

    private async Task<RabbitMqConsumerSession> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        var session = await RabbitMqConsumerSession.OpenAsync(links.Factory, queue, cancellationToken).ConfigureAwait(false);
        try
        {
            await session.DeclareAsync(topology).ConfigureAwait(false);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
