using SagaFlow.Client.Bus;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;

namespace SagaFlow.Testing;

/// <summary>Takes rings in place of the timers' queue: each becomes a step that the engine's own endpoint takes.</summary>
internal sealed class StepRinger(StepQueue steps, InternalMac mac, Lazy<RingEndpoint> endpoint) : IRinger
{
    public Task RingAsync(Ring ring, CancellationToken cancellationToken)
    {
        Add(ring.Timer is { } timer ? $"ring of timer {timer}" : $"ring {ring.Kind} of '{ring.ActivityId}'", ring.Write());
        return Task.CompletedTask;
    }

    public Task RingAsync(WorkflowRing ring, CancellationToken cancellationToken)
    {
        Add($"ring of workflow {ring.WorkflowId}", ring.Write());
        return Task.CompletedTask;
    }

    private void Add(string name, byte[] ring)
    {
        var message = mac.Sign(new RawMessage { Body = ring });
        steps.Add(name, () => endpoint.Value.HandleAsync(message, CancellationToken.None));
    }
}
