using SagaFlow.Client.Bus;

namespace SagaFlow.Worker.Pools;

/// <summary>The workers of one task queue.</summary>
internal sealed class WorkerPool : IDisposable
{
    // For code that hears of the stop, and for what has to be sent after the grace period: that what still runs is handed back.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    private readonly ActivityRunner _runner;
    private readonly PoolSetup _setup;
    private readonly Action<WorkerExit> _failed;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _graceOver = new();
    private readonly TaskLimits _limits;
    private readonly TaskTaker _taker;
    private readonly Lock _lock = new();
    private readonly List<PoolPlace> _places = [];
    private readonly List<PoolPlace> _leaving = [];
    private ISlotConsumer? _slots;
    private int _isResizing;

    /// <param name="runner">What its workers do.</param>
    /// <param name="setup">What pools are made with.</param>
    /// <param name="failed">Hears when a worker has ended for good with an error.</param>
    public WorkerPool(ActivityRunner runner, PoolSetup setup, Action<WorkerExit> failed)
    {
        (_runner, _setup, _failed) = (runner, setup, failed);
        _limits = new TaskLimits(runner, setup.Options.QueueOf(runner.TaskQueue), setup.Time);
        _taker = new TaskTaker(runner, _limits, new WorkerStop(_stopping.Token, _graceOver.Token), setup, _closing.Token);
    }

    public string TaskQueue => _runner.TaskQueue;

    /// <summary>The names of the workers in it, now.</summary>
    public IReadOnlyList<string> WorkerNames
    {
        get
        {
            lock (_lock)
            {
                return [.. _places.Select(x => x.WorkerName)];
            }
        }
    }

    /// <summary>Begins to consume; returns when every worker does.</summary>
    public async Task StartAsync(int capacity, CancellationToken cancellationToken)
    {
        _slots = await _setup.Slots.OpenAsync(_setup.Names.TaskQueue(TaskQueue), cancellationToken);
        await Task.WhenAll(Grow(capacity)).WaitAsync(cancellationToken);
        _setup.Logger.WorkerStarted(TaskQueue, capacity, _runner.Activities);
    }

    /// <summary>Changes the number of workers; returns when the new ones consume, or those that leave have ended what they had in hand.</summary>
    /// <exception cref="ResizeInProgressException">It is being changed.</exception>
    public async Task ResizeAsync(int capacity, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isResizing, 1) == 1)
        {
            throw new ResizeInProgressException(TaskQueue);
        }

        try
        {
            var before = WorkerNames.Count;
            if (before == capacity)
            {
                return;
            }

            await (capacity > before ? Task.WhenAll(Grow(capacity - before)) : ShrinkAsync(before - capacity)).WaitAsync(cancellationToken);
            _setup.Logger.PoolResized(TaskQueue, capacity, before);
            _setup.Events.Raise(_setup.WorkerNames.PrefixOf(TaskQueue), TaskQueue, new PoolResized(before, capacity));
        }
        finally
        {
            Volatile.Write(ref _isResizing, 0);
        }
    }

    /// <summary>Stops consuming, tells the handlers to stop, waits for them and hands back what still runs.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Before the handlers, whose own code may block: whoever is idle leaves at once.
        await _closing.CancelAsync();
        await TellAsync(_stopping);
        var ended = Task.WhenAll(All().Select(x => x.Ended));
        if (!await EndsWithinAsync(ended, _setup.Options.ShutdownGracePeriod, cancellationToken))
        {
            await TellAsync(_graceOver);
            if (!await EndsWithinAsync(ended, LastPatience, CancellationToken.None))
            {
                _setup.Logger.StopIncomplete(TaskQueue);
            }
        }

        if (_slots is { } slots)
        {
            await EndsWithinAsync(slots.DisposeAsync().AsTask(), LastPatience, CancellationToken.None);
        }

        _setup.Logger.WorkerStopped(TaskQueue);
    }

    public void Dispose()
    {
        _closing.Cancel();
        _stopping.Cancel();
        _graceOver.Cancel();
    }

    private List<Task> Grow(int count)
    {
        lock (_lock)
        {
            var added = Enumerable.Range(0, count).Select(_ => new PoolPlace(TaskQueue, _slots!, _taker, _setup, _closing.Token)).ToList();
            _places.AddRange(added);
            added.ForEach(place => _ = WatchAsync(place));
            return [.. added.Select(x => x.Running)];
        }
    }

    private async Task ShrinkAsync(int count)
    {
        List<PoolPlace> leaving;
        lock (_lock)
        {
            // The idle first: they leave at once.
            leaving = [.. _places.AsEnumerable().Reverse().OrderByDescending(x => x.IsIdle).Take(count)];
            _places.RemoveAll(leaving.Contains);
            _leaving.AddRange(leaving);
        }

        await Task.WhenAll(leaving.Select(x => x.LeaveAsync()));
        await Task.WhenAll(leaving.Select(x => x.Ended));
    }

    private async Task WatchAsync(PoolPlace place)
    {
        var exit = await place.Ended;
        lock (_lock)
        {
            _places.Remove(place);
            _leaving.Remove(place);
        }

        place.Dispose();
        if (exit.Code != WorkerExit.SuccessCode)
        {
            _failed(exit);
        }
    }

    private List<PoolPlace> All()
    {
        lock (_lock)
        {
            return [.. _places, .. _leaving];
        }
    }

    private async Task TellAsync(CancellationTokenSource step)
    {
        try
        {
            if (!await EndsWithinAsync(step.CancelAsync(), LastPatience, CancellationToken.None))
            {
                _setup.Logger.StopCallbackBlocks(TaskQueue, LastPatience);
            }
        }
        catch (AggregateException exception)
        {
            _setup.Logger.StopCallbackThrew(SafeException.Of(exception), TaskQueue);
        }
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(time, _setup.Time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
