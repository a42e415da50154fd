using MassTransit;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus;

/// <summary>Ends the receive pipe: gives the body to the receiver and never calls the next filter.</summary>
internal sealed class RawFilter(RawReceiver receive, bool redelivers, TimeProvider timeProvider, ILogger logger) : IFilter<ReceiveContext>
{
    // A retry here holds the delivery: few, and all together far below any broker's limit. Afterwards the broker redelivers;
    // the in-memory transport would drop the message, so that there the last delay repeats until the endpoint stops.
    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2)];

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        var message = RawHeaders.Read(context);
        for (var failures = 0; !await TryReceiveAsync(message, failures, context.CancellationToken).ConfigureAwait(false); failures++)
        {
            await Task.Delay(DelayAfter(failures), timeProvider, context.CancellationToken).ConfigureAwait(false);
            message = message with { Redelivered = true };
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("sagaflow-raw");

    private static TimeSpan DelayAfter(int failures) => Delays[Math.Min(failures, Delays.Length - 1)];

    private async Task<bool> TryReceiveAsync(RawMessage message, int failures, CancellationToken cancellationToken)
    {
        try
        {
            await receive(message, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when ((failures < Delays.Length || !redelivers) && exception is not OperationCanceledException)
        {
            logger.DeliveryFailed(exception, message.MessageId, failures + 1, DelayAfter(failures));
            return false;
        }
    }
}
