using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Who waits in this process for which workflow's end. It holds nothing that matters: a waiter that is lost asks again.</summary>
internal sealed class ResultWaiters(TimeProvider clock, ILogger<ResultWaiters> logger) : ICommitListener
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HashSet<Waiter>> _waiting = [];

    /// <summary>Adds a question.</summary>
    /// <param name="workflowId">The workflow whose end is waited for.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="answer">Gets the workflow as it was committed; <see langword="null"/> when the wait is over without an end.</param>
    public Waiter Add(Guid workflowId, TimeSpan longest, Func<WorkflowRecord?, Task> answer)
    {
        var waiter = new Waiter(this, workflowId, answer, clock.GetTimestamp());
        lock (_gate)
        {
            if (!_waiting.TryGetValue(workflowId, out var waiters))
            {
                _waiting[workflowId] = waiters = [];
            }

            waiters.Add(waiter);
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

    /// <summary>Answers all who wait for a workflow that has ended.</summary>
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
            if (_waiting.TryGetValue(waiter.WorkflowId, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
            {
                _waiting.Remove(waiter.WorkflowId);
            }
        }
    }

    private async Task AnswerAsync(Func<WorkflowRecord?, Task> answer, WorkflowRecord? workflow)
    {
        // Off the committing turn: it holds the workflow's lock and its sender waits for a receipt.
        await Task.Yield();
        try
        {
            await answer(workflow);
        }
        catch (Exception exception)
        {
            logger.ReplyNotSent(exception);
        }
    }

    /// <summary>One question that waits. It is answered once, by whatever comes first.</summary>
    internal sealed class Waiter(ResultWaiters owner, Guid workflowId, Func<WorkflowRecord?, Task> answer, long since)
    {
        private ITimer? _timer;
        private int _released;

        public Guid WorkflowId => workflowId;

        public long Since => since;

        public void Limit(TimeProvider clock, TimeSpan longest) =>
            _timer = clock.CreateTimer(_ => Release(workflow: null), null, longest, Timeout.InfiniteTimeSpan);

        public void Release(WorkflowRecord? workflow)
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                owner.Forget(this);
                _timer?.Dispose();
                _ = owner.AnswerAsync(answer, workflow);
            }
        }
    }
}
