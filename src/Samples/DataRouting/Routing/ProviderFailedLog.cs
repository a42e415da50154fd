using MassTransit;

namespace DataRouting.Routing;

/// <summary>Notes each provider that failed, by name; the packet goes on with the next.</summary>
public sealed class ProviderFailedLog : IConsumer<ProviderFailed>
{
    // Not by a logger: its console writes in the background, and a process that is killed would take lines with it whose
    // messages are already acknowledged. What a consumer promises by its acknowledgement must have happened before.
    public Task Consume(ConsumeContext<ProviderFailed> context)
    {
        var (packetId, provider, reason) = context.Message;
        return Console.Error.WriteLineAsync($"Transmit of packet {packetId} failed for route provider {provider}: {reason}");
    }
}
