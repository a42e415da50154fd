using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker.Pools;

/// <summary>The worker of a process from one start to the stop that ends it: all pools, and the ear for cancellations.</summary>
internal sealed class WorkerRun : IDisposable
{
    private readonly ActivityRunners _runners;
    private readonly RunningAttempts _running;
    private readonly CancelListener _cancellations;
    private readonly WorkerEvents _events;
    private readonly IReadOnlyList<WorkerPool> _pools;
    private readonly CancellationTokenSource _starting = new();
    private readonly TaskCompletionSource<WorkerExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private CancelListening? _listening;
    private Task? _started;
    private Task? _stopped;

    public WorkerRun(ActivityRunners runners, RunningAttempts running, CancelListener cancellations, PoolSetup setup)
    {
        (_runners, _running, _cancellations, _events) = (runners, running, cancellations, setup.Events);
        _pools = [.. runners.All.Select(runner => new WorkerPool(runner, setup, Fail))];
    }

    /// <summary>Ends when nothing runs any more, and says how it came to that.</summary>
    public Task<WorkerExit> Exit => _exit.Task;

    public WorkerStatus Status => _stopped is not null ? WorkerStatus.Stopping
        : _started is { IsCompletedSuccessfully: true } ? WorkerStatus.Running : WorkerStatus.Starting;

    public WorkerPool? PoolOf(string taskQueue) => _pools.FirstOrDefault(x => x.TaskQueue == taskQueue);

    /// <summary>Starts, whoever asks first; ends when every worker of every pool runs.</summary>
    public Task StartAsync(Func<string, int> capacityOf)
    {
        lock (_lock)
        {
            return _started ??= StartPoolsAsync(capacityOf);
        }
    }

    /// <summary>Stops, whoever asks first: when this returns, no request is taken any more.</summary>
    public Task StopAsync(WorkerExit exit, CancellationToken cancellationToken)
    {
        TaskCompletionSource stopped;
        lock (_lock)
        {
            if (_stopped is not null)
            {
                return _stopped;
            }

            stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _stopped = stopped.Task;
        }

        _ = TellAsync(StopPoolsAsync(exit, cancellationToken), stopped);
        return stopped.Task;
    }

    public void Dispose()
    {
        _starting.Cancel();
        foreach (var pool in _pools)
        {
            pool.Dispose();
        }
    }

    private async Task StartPoolsAsync(Func<string, int> capacityOf)
    {
        await Task.Yield();
        _events.MakeObservers();
        if (_pools.Count > 0)
        {
            // Before the first request, so that no push for it is missed.
            _listening = await _cancellations.ConnectAsync(
                _runners.All.Select(runner => runner.TaskQueue), (cancellation, _) => _running.CancelAsync(cancellation), _starting.Token);
        }

        await Task.WhenAll(_pools.Select(pool => pool.StartAsync(capacityOf(pool.TaskQueue), _starting.Token)));
    }

    private async Task StopPoolsAsync(WorkerExit exit, CancellationToken cancellationToken)
    {
        if (_started is { IsCompleted: false } starting)
        {
            await GiveUpAsync(starting);
        }

        await Task.WhenAll(_pools.Select(pool => pool.StopAsync(cancellationToken)));
        if (_listening is { } listening)
        {
            await listening.DisposeAsync();
        }

        _exit.TrySetResult(exit);
    }

    private async Task GiveUpAsync(Task starting)
    {
        await _starting.CancelAsync();
        try
        {
            await starting;
        }
        catch (Exception)
        {
            // Whoever started it has heard.
        }
    }

    private static async Task TellAsync(Task work, TaskCompletionSource end)
    {
        try
        {
            await work;
            end.TrySetResult();
        }
        catch (Exception exception)
        {
            end.TrySetException(exception);
        }
    }

    private void Fail(WorkerExit exit) => _ = StopAsync(exit, CancellationToken.None);
}
