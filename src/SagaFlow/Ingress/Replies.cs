using SagaFlow.Client.Bus;

namespace SagaFlow.Ingress;

/// <summary>Sends receipts to where the sender asked for them, and nowhere else.</summary>
internal sealed class Replies(IRawBus bus, BusNames names)
{
    private const int MaximumLength = 255;

    public Task SendAsync(RawMessage asked, byte[] reply, CancellationToken cancellationToken) =>
        asked.ReplyTo is { } queue && IsAllowed(queue)
            ? bus.SendAsync(queue, new RawMessage { Body = reply, CorrelationId = asked.CorrelationId }, cancellationToken)
            : Task.CompletedTask;

    // The name becomes part of an address: with '?', '%' or '/' in it, it could bind queues or name one of the deployment's own,
    // and an address that cannot be parsed would make a settled message fail.
    private bool IsAllowed(string queue) =>
        queue.Length is > 0 and <= MaximumLength && queue.All(IsNameCharacter) && !names.IsReserved(queue);

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':';
}
