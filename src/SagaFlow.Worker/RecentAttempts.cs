using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The attempts that this process has taken lately, so that a repeated delivery is dropped.</summary>
internal sealed class RecentAttempts
{
    // About 2 MB. A repetition that comes later than so many attempts runs again, and the engine applies one result.
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(Guid, string, int)> _known = [];
    private readonly Queue<(Guid, string, int)> _inOrder = [];

    /// <summary>Takes an attempt; <see langword="false"/> when it was taken before.</summary>
    public bool TryTake(ActivityRequest request)
    {
        var key = KeyOf(request);
        lock (_lock)
        {
            if (!_known.Add(key))
            {
                return false;
            }

            _inOrder.Enqueue(key);
            if (_inOrder.Count > Capacity)
            {
                _known.Remove(_inOrder.Dequeue());
            }

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

    private static (Guid, string, int) KeyOf(ActivityRequest request) => (request.WorkflowId, request.ActivityId, request.Attempt);
}
