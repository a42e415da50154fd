using DataRouting.Output;
using DataRouting.Packets;
using DataRouting.Routing;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace DataRouting;

/// <summary>Starts the packets' workflows and reads how they ended. Both may be done again and again: a start is idempotent.</summary>
public sealed class PacketRoutes(IWorkflowClient workflows)
{
    private const string WorkflowType = "data-routing";
    private const int AtOnce = 64;

    public async Task<IReadOnlyList<(string PacketId, Guid WorkflowId)>> StartAsync(
        IReadOnlyList<PacketLine> packets, CancellationToken cancellationToken)
    {
        var started = new (string, Guid)[packets.Count];
        var numbers = Enumerable.Range(0, packets.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(numbers, options, async (i, stopping) =>
        {
            started[i] = (packets[i].Id, await StartAsync(packets[i], stopping));
        });
        return started;
    }

    public async Task<PacketOutcome> AwaitEndAsync((string PacketId, Guid WorkflowId) packet, CancellationToken cancellationToken)
    {
        try
        {
            var result = await workflows.GetResultAsync<RoutingResult>(packet.WorkflowId, cancellationToken);
            var tried = result!.FailedProviders.Count + (result.Provider is null ? 0 : 1);
            var duration = await DurationAsync(packet.WorkflowId);
            return new PacketOutcome(packet.PacketId, result.Status, result.Provider, result.FailedProviders, tried, duration);
        }
        catch (WorkflowFailedException)
        {
            var providers = await TriedProvidersAsync(packet.WorkflowId);
            return new PacketOutcome(packet.PacketId, "failed", null, providers, providers.Count, await DurationAsync(packet.WorkflowId));
        }
    }

    private async Task<Guid> StartAsync(PacketLine packet, CancellationToken cancellationToken)
    {
        var message = new RoutePacket(new Packet(packet.Id, packet.Payload), packet.GetRouteMaximumAttempts);
        var receipt = await workflows.StartAsync(WorkflowType, message, cancellationToken);
        return receipt.Disposition switch
        {
            Disposition.Applied or Disposition.Duplicate => receipt.WorkflowId!.Value,
            Disposition.DuplicateConflict => throw new BadInputException(
                $"The database holds packet '{packet.Id}' with another content: use another id, or another --database"),
            _ => throw new BadInputException($"Packet '{packet.Id}' was refused: {receipt.Detail}"),
        };
    }

    private async Task<long> DurationAsync(Guid workflowId)
    {
        var workflow = await workflows.QueryAsync(workflowId);
        return (long)(workflow.ClosedAt!.Value - workflow.CreatedAt).TotalMilliseconds;
    }

    // A workflow that failed has no result; its history says which providers were tried.
    private async Task<IReadOnlyList<string>> TriedProvidersAsync(Guid workflowId)
    {
        var history = await workflows.GetHistoryAsync(workflowId);
        return [.. history.Where(x => x.Kind == "ActivityScheduled").Select(ProviderOf).OfType<string>()];
    }

    private static string? ProviderOf(WorkflowHistoryEvent scheduled) =>
        scheduled.Data is { } data && data.GetProperty("arguments").TryGetProperty("provider", out var provider)
            ? provider.GetString()
            : null;
}
