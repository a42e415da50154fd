using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The attempts that this process has taken lately, so that a repeated delivery is dropped.</summary>
internal sealed class RecentAttempts
{
    // About 2 MB. A repetition that comes later than so many attempts runs again, and the engine applies one result.
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid, string, int), long> _known = [];
    private readonly Queue<((Guid, string, int) Key, long Number)> _inOrder = [];
    private long _taken;

    /// <summary>Takes an attempt; <see langword="false"/> when it was taken before.</summary>
    public bool TryTake(ActivityRequest request)
    {
        var key = KeyOf(request);
        lock (_lock)
        {
            if (!_known.TryAdd(key, ++_taken))
            {
                return false;
            }

            _inOrder.Enqueue((key, _taken));
            while (_known.Count > Capacity)
            {
                Evict(_inOrder.Dequeue());
            }

            DropForgotten();

            return true;
        }
    }

    /// <summary>Forgets an attempt that was not run, so that its delivery may come again.</summary>
    public void Forget(ActivityRequest request)
    {
        lock (_lock)
        {
            _known.Remove(KeyOf(request));
        }
    }

    private void Evict(((Guid, string, int) Key, long Number) oldest)
    {
        if (IsCurrent(oldest))
        {
            _known.Remove(oldest.Key);
        }
    }

    // A request that is put back again and again must not push others out.
    private void DropForgotten()
    {
        if (_inOrder.Count <= 2 * Capacity)
        {
            return;
        }

        var current = _inOrder.Where(IsCurrent).ToList();
        _inOrder.Clear();
        current.ForEach(_inOrder.Enqueue);
    }

    // One that was forgotten and taken again stands further behind as well.
    private bool IsCurrent(((Guid, string, int) Key, long Number) entry) =>
        _known.TryGetValue(entry.Key, out var number) && number == entry.Number;

    private static (Guid, string, int) KeyOf(ActivityRequest request) => (request.WorkflowId, request.ActivityId, request.Attempt);
}
