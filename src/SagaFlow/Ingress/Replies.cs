using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;

namespace SagaFlow.Ingress;

/// <summary>Sends receipts to where the sender asked for them, and nowhere else.</summary>
internal sealed class Replies(IRawBus bus, BusNames names, ILogger<Replies> logger)
{
    private const int MaximumLength = 255;

    /// <summary>Sends a reply, if one was asked for. One that cannot be sent is no reason to take a settled message again: who needs it asks again.</summary>
    public async Task SendAsync(RawMessage asked, byte[] reply, CancellationToken cancellationToken)
    {
        try
        {
            if (ReplyAddress.Of(asked, bus.QueueAt) is { } address && IsAllowed(address.Queue))
            {
                await bus.SendAsync(address.Queue, address.Wrap(reply), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.ReplyNotSent(exception);
        }
    }

    // The name becomes part of an address: with '?', '%' or '/' in it, it could bind queues or name one of the deployment's own,
    // and an address that cannot be parsed would make a settled message fail.
    private bool IsAllowed(string queue) =>
        queue.Length is > 0 and <= MaximumLength && queue.All(IsNameCharacter) && !names.IsReserved(queue);

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':';
}
