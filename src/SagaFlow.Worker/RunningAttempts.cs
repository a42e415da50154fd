using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The attempts that run in this process, so that a push to stop reaches its handler.</summary>
internal sealed class RunningAttempts
{
    // A push can overtake the request of an attempt that lay in its queue. About 100 KB.
    private const int EarlyPushesKept = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, RunningAttempt> _running = [];
    private readonly HashSet<Key> _early = [];
    private readonly Queue<Key> _earlyInOrder = [];

    /// <summary>Adds an attempt before its handler runs; one that was pushed to stop before is told so at once.</summary>
    public async Task AddAsync(ActivityRequest request, RunningAttempt attempt)
    {
        bool stops;
        lock (_lock)
        {
            _running[Key.Of(request)] = attempt;
            stops = _early.Contains(Key.Of(request));
        }

        if (stops)
        {
            await attempt.RequestCancelAsync();
        }
    }

    public void Remove(ActivityRequest request)
    {
        lock (_lock)
        {
            _running.Remove(Key.Of(request));
        }
    }

    /// <summary>Tells the handler of an attempt to stop. An attempt that is not here may be another worker's, or still be on its way.</summary>
    public Task CancelAsync(ActivityCancellation cancellation)
    {
        var key = new Key(cancellation.WorkflowId, cancellation.ActivityId, cancellation.Attempt);
        lock (_lock)
        {
            if (_running.TryGetValue(key, out var attempt))
            {
                return attempt.RequestCancelAsync();
            }

            Remember(key);
            return Task.CompletedTask;
        }
    }

    private void Remember(Key key)
    {
        if (!_early.Add(key))
        {
            return;
        }

        _earlyInOrder.Enqueue(key);
        if (_earlyInOrder.Count > EarlyPushesKept)
        {
            _early.Remove(_earlyInOrder.Dequeue());
        }
    }

    private readonly record struct Key(Guid WorkflowId, string ActivityId, int Attempt)
    {
        public static Key Of(ActivityRequest request) => new(request.WorkflowId, request.ActivityId, request.Attempt);
    }
}
