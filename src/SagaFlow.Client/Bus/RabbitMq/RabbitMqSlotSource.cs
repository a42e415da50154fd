using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Slots on RabbitMQ: one consumer for each, so that a slot which is busy takes nothing.</summary>
internal sealed class RabbitMqSlotSource(
    RabbitMqLinks links, RabbitMqTopology topology, TimeProvider clock, ILogger<RabbitMqSlotSource> logger) : ISlotSource
{
    /// <inheritdoc/>
    /// <remarks>The connection is made by the first slot that consumes, so that each slot hears why it cannot.</remarks>
    public Task<ISlotConsumer> OpenAsync(string queue, CancellationToken cancellationToken) => Task.FromResult<ISlotConsumer>(
        new RabbitMqSlotConsumer(queue, new RabbitMqSharedSession(queue, token => ConnectAsync(queue, token), logger), clock));

    private async Task<RabbitMqConsumerSession> ConnectAsync(string queue, CancellationToken cancellationToken)
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
