using System.Text;
using SagaFlow.Client.Bus;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Ingress;

/// <summary>The operator's hand on the quarantine.</summary>
internal sealed class MessageQuarantine(IQuarantine store, Sealing sealing, IRawBus bus) : IMessageQuarantine
{
    public async Task<IReadOnlyList<QuarantineEntry>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var messages = await store.ReadAsync(limit, cancellationToken);
        return [.. messages.Select(x => new QuarantineEntry(x.Id, x.Endpoint, x.ContentType, Encoding.UTF8.GetString(x.Body), x.Reason, x.Sender, x.At))];
    }

    public async Task<bool> RequeueAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } message)
        {
            return false;
        }

        // Sent before it is removed: a crash between the two sends it twice, which every queue of the engine bears.
        await bus.SendAsync(message.Endpoint, SealedMessages.Open(sealing, message.Original), cancellationToken);
        await store.RemoveAsync(id, cancellationToken);
        return true;
    }

    public Task<bool> DropAsync(Guid id, CancellationToken cancellationToken) => store.RemoveAsync(id, cancellationToken);
}
