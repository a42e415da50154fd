using SagaFlow.Client.Bus;
using SagaFlow.Hosting;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>What a message does whose workflow this engine's code cannot read: it waits for an engine that can.</summary>
internal sealed class VersionWait(IRawBus bus, TransportTraits transport, EngineLimits limits, TimeProvider clock)
{
    /// <summary>How long such a message is held before it is given back: it paces what goes round while the only engines are older ones.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Has a message taken, here or by another engine: it is neither put aside nor lost.</summary>
    /// <param name="queue">The queue that it came by.</param>
    /// <param name="read">Reads it as the transport delivered it.</param>
    /// <param name="take">Takes it; tried again where the message cannot be given back.</param>
    /// <param name="cancellationToken">Ends the waiting; the delivery is then not settled.</param>
    public async Task TakeAsync(string queue, Func<RawMessage> read, Func<Task> take, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await take();
                return;
            }
            catch (WorkflowVersionException) when (limits.DeliveryHold > TimeSpan.Zero)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }

            // A copy at the queue's end, and not the delivery itself: a broker counts redeliveries, and newer ones drop a message after
            // twenty. The copy keeps the id, so that it is known for a repeat if this process ends between the two.
            if (transport.KeepsMessages)
            {
                await bus.SendAsync(queue, read(), cancellationToken);
                return;
            }
        }
    }
}
