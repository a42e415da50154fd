using SagaFlow.Hosting;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Who waits in this process for which workflow's end: a bounded number. It holds nothing that matters: a waiter that is lost asks again.</summary>
internal sealed class ResultWaiters(TimeProvider clock, EngineLimits limits) : ICommitListener
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HashSet<Waiter>> _waiting = [];
    private int _count;

    /// <summary>How many questions wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a question, to be disposed when it is answered or its caller has gone; <see langword="null"/> when as many wait as may.</summary>
    /// <param name="workflowId">The workflow whose end is waited for.</param>
    /// <param name="longest">The longest wait.</param>
    public Waiter? TryAdd(Guid workflowId, TimeSpan longest)
    {
        var waiter = new Waiter(this, workflowId, clock.GetTimestamp());
        lock (_gate)
        {
            if (_count >= limits.WaitingCallers)
            {
                return null;
            }

            if (!_waiting.TryGetValue(workflowId, out var waiters))
            {
                _waiting[workflowId] = waiters = [];
            }

            waiters.Add(waiter);
            _count++;
        }

        waiter.Limit(clock, longest);
        return waiter;
    }

    public void OnCommitted(ChangeSet changes)
    {
        // What was committed just now need not be read again.
        if (changes.Workflow is { Status: not WorkflowStatus.Running } ended)
        {
            Release(ended);
        }
    }

    /// <summary>Tells all who wait for a workflow that has ended.</summary>
    public void Release(WorkflowRecord ended)
    {
        foreach (var waiter in Of(ended.Id))
        {
            waiter.Release(ended);
        }
    }

    /// <summary>Which workflows somebody has waited for that long.</summary>
    public IReadOnlyList<Guid> WaitingLongerThan(TimeSpan age)
    {
        lock (_gate)
        {
            return [.. _waiting.Where(x => x.Value.Any(waiter => clock.GetElapsedTime(waiter.Since) >= age)).Select(x => x.Key)];
        }
    }

    private Waiter[] Of(Guid workflowId)
    {
        lock (_gate)
        {
            return _waiting.TryGetValue(workflowId, out var waiters) ? [.. waiters] : [];
        }
    }

    private void Forget(Waiter waiter)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(waiter.WorkflowId, out var waiters) || !waiters.Remove(waiter))
            {
                return;
            }

            _count--;
            if (waiters.Count == 0)
            {
                _waiting.Remove(waiter.WorkflowId);
            }
        }
    }

    /// <summary>One question that waits.</summary>
    internal sealed class Waiter(ResultWaiters owner, Guid workflowId, long since) : IDisposable
    {
        // Whoever goes on does so off the committing turn: that holds the workflow's lock, and its sender waits for a receipt.
        private readonly TaskCompletionSource<WorkflowRecord?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ITimer? _timer;

        public Guid WorkflowId => workflowId;

        public long Since => since;

        /// <summary>Ends with the workflow as it was committed; with <see langword="null"/> when the wait is over without an end.</summary>
        public Task<WorkflowRecord?> Ended => _ended.Task;

        public void Limit(TimeProvider clock, TimeSpan longest) =>
            _timer = clock.CreateTimer(_ => Release(workflow: null), null, longest, Timeout.InfiniteTimeSpan);

        public void Release(WorkflowRecord? workflow) => _ended.TrySetResult(workflow);

        public void Dispose()
        {
            owner.Forget(this);
            _timer?.Dispose();
        }
    }
}
