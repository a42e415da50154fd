namespace SagaFlow.Benchmarks.Floor;

/// <summary>Messages of one workflow take turns in this process.</summary>
internal sealed class FloorLocks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Task> _last = [];

    public async Task RunAsync(Guid key, Func<Task> work)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? before;
        lock (_gate)
        {
            _last.TryGetValue(key, out before);
            _last[key] = mine.Task;
        }

        if (before is not null)
        {
            await before;
        }

        try
        {
            await work();
        }
        finally
        {
            Leave(key, mine);
        }
    }

    private void Leave(Guid key, TaskCompletionSource mine)
    {
        lock (_gate)
        {
            if (_last[key] == mine.Task)
            {
                _last.Remove(key);
            }
        }

        mine.SetResult();
    }
}
