using System.Collections.Concurrent;

namespace SagaFlow.Dispatch;

/// <summary>Stored messages that this process is sending or deleting, so that its own sweep does not send them a second time.</summary>
internal sealed class MessagesInHand
{
    /// <summary>More are left to the sweep: during an outage the outbox grows, not the memory.</summary>
    public const int Most = 10_000;

    private readonly ConcurrentDictionary<Guid, bool> _ids = new();

    public int Count => _ids.Count;

    /// <summary>Takes a message in hand; <see langword="false"/> when it is, or when there are too many.</summary>
    public bool TryTake(Guid id) => _ids.Count < Most && _ids.TryAdd(id, true);

    public void Release(Guid id) => _ids.TryRemove(id, out _);
}
