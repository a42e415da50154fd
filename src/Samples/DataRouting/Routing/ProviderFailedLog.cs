using MassTransit;

namespace DataRouting.Routing;

/// <summary>Notes each provider that failed, by name; the packet goes on with the next.</summary>
public sealed class ProviderFailedLog(ILogger<ProviderFailedLog> logger) : IConsumer<ProviderFailed>
{
    public Task Consume(ConsumeContext<ProviderFailed> context)
    {
        var (packetId, provider, reason) = context.Message;
        logger.LogInformation("Transmit of packet {PacketId} failed for route provider {Provider}: {Reason}", packetId, provider, reason);
        return Task.CompletedTask;
    }
}
