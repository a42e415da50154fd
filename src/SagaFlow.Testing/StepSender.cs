using SagaFlow.Dispatch;
using SagaFlow.Storage;

namespace SagaFlow.Testing;

/// <summary>Takes the engine's outgoing messages in place of a bus: each becomes a step.</summary>
internal sealed class StepSender(StepQueue steps, Lazy<Deliveries> deliveries) : IOutgoingSender
{
    public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        steps.Add($"{message.Kind} to '{message.Destination}'", () => deliveries.Value.DeliverAsync(message));
        return Task.CompletedTask;
    }
}
