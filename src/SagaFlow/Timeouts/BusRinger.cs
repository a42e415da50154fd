using SagaFlow.Client.Bus;
using SagaFlow.Tokens;

namespace SagaFlow.Timeouts;

/// <summary>Sends rings to the timers' queue, signed.</summary>
internal sealed class BusRinger(IRawBus bus, BusNames names, InternalMac mac) : IRinger
{
    public Task RingAsync(Ring ring, CancellationToken cancellationToken) =>
        SendAsync(ring.Write(), cancellationToken);

    public Task RingAsync(WorkflowRing ring, CancellationToken cancellationToken) =>
        SendAsync(ring.Write(), cancellationToken);

    private Task SendAsync(byte[] ring, CancellationToken cancellationToken) =>
        bus.SendAsync(names.Timers, mac.Sign(new RawMessage { Body = ring }), cancellationToken);
}
