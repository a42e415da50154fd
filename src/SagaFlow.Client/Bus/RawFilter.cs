using MassTransit;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus;

/// <summary>Ends the receive pipe: gives the body to the receiver and never calls the next filter.</summary>
internal sealed class RawFilter(RawReceiver receive, bool redelivers, TimeProvider timeProvider, ILogger logger) : IFilter<ReceiveContext>
{
    private static readonly TimeSpan[] Delays =
        [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    /// <summary>How long a delivery is held on a broker before it is given back for another engine.</summary>
    /// <remarks>It is held, so that an outage of the database makes the queue wait and nothing spin: a broker counts redeliveries, and newer
    /// ones drop a message after twenty. With one more try, which may itself wait for a database for half a minute, it is below the half hour
    /// after which a broker closes the channel with all that is in hand on it. The in-memory transport would drop it: there it is held on.</remarks>
    public static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(20);

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        var message = RawHeaders.Read(context);
        var began = timeProvider.GetTimestamp();
        for (var failures = 0; !await TryReceiveAsync(message, began, failures, context.CancellationToken).ConfigureAwait(false); failures++)
        {
            await Task.Delay(DelayAfter(failures), timeProvider, context.CancellationToken).ConfigureAwait(false);
            message = message with { Redelivered = true };
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("sagaflow-raw");

    private bool MayHoldOn(long began) => !redelivers || timeProvider.GetElapsedTime(began) < LongestHold;

    private static TimeSpan DelayAfter(int failures) => Delays[Math.Min(failures, Delays.Length - 1)];

    private async Task<bool> TryReceiveAsync(RawMessage message, long began, int failures, CancellationToken cancellationToken)
    {
        try
        {
            await receive(message, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (MayHoldOn(began) && exception is not OperationCanceledException)
        {
            // Hundreds of deliveries may be waiting for the same thing: only the first failure of each says why.
            logger.DeliveryFailed(failures == 0 ? exception : null, message.MessageId, failures + 1, DelayAfter(failures));
            return false;
        }
    }
}
