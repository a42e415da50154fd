using SagaFlow.Storage;

namespace SagaFlow.Tests.Dispatch;

/// <summary>An outbox in which one message waits since an instant.</summary>
internal sealed class StuckOutbox(DateTimeOffset since) : IOutbox
{
    private readonly OutgoingMessage _waiting = new(Guid.Empty, Guid.Empty, OutgoingKind.ActivityRequest, "q", "application/json", "{}", new byte[1], since);

    public Task<IReadOnlyList<OutgoingMessage>> ReadUnconfirmedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OutgoingMessage>>([_waiting]);

    public Task<IReadOnlyList<OutgoingMessage>> ClaimUnconfirmedAsync(
        DateTimeOffset now, DateTimeOffset before, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) => throw new NotSupportedException();
}
