using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;

namespace SagaFlow.Worker.Pools;

/// <summary>A place of a pool: the worker in it, and another one when that ends with an error.</summary>
internal sealed class PoolPlace : IDisposable
{
    private readonly string _taskQueue;
    private readonly PoolSetup _setup;
    private readonly CancellationTokenSource _leaving;
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PoolWorker _worker;

    public PoolPlace(string taskQueue, ISlotConsumer slots, TaskTaker taker, PoolSetup setup, CancellationToken poolLeaving)
    {
        (_taskQueue, _setup) = (taskQueue, setup);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(poolLeaving);
        PoolWorker NewWorker() => new(setup.WorkerNames.Next(taskQueue), taskQueue, slots, taker, setup, () => _running.TrySetResult(), _leaving.Token);
        _worker = NewWorker();
        Ended = RunAsync(NewWorker);
    }

    public string WorkerName => _worker.Name;

    public bool IsIdle => _worker.IsIdle;

    /// <summary>Ends when a worker of this place consumes; fails when none ever will.</summary>
    public Task Running => _running.Task;

    /// <summary>Ends with the place: with code 0 when it was told to leave.</summary>
    public Task<WorkerExit> Ended { get; }

    /// <summary>Takes no more requests. One that runs goes on to its end.</summary>
    public Task LeaveAsync() => _leaving.CancelAsync();

    public void Dispose() => _leaving.Dispose();

    private async Task<WorkerExit> RunAsync(Func<PoolWorker> newWorker)
    {
        // Not in the constructor: its caller counts the place first.
        await Task.Yield();
        while (true)
        {
            var exit = await _worker.RunAsync();
            if (!MayReplace(exit))
            {
                LogEnd(exit, LogLevel.Error, "no other takes its place");
                _running.TrySetException(exit.Error ?? new OperationCanceledException("The worker was stopped before it ran."));
                return exit;
            }

            // That the queue is out of reach is said once for all of its workers, by those who connect.
            LogEnd(exit, exit.Error is ConsumeException ? LogLevel.Debug : LogLevel.Warning, $"another begins in {_setup.Options.RestartDelay.TotalSeconds} s");
            if (!await PauseAsync())
            {
                _running.TrySetCanceled();
                return WorkerExit.Success;
            }

            var predecessor = _worker.Name;
            _worker = newWorker();
            _setup.Events.Raise(_worker.Name, _taskQueue, new WorkerReplaced(predecessor));
        }
    }

    private void LogEnd(WorkerExit exit, LogLevel level, string next)
    {
        if (exit.Error is not null)
        {
            _setup.Logger.WorkerEnded(level, SafeException.Of(exit.Error), _worker.Name, _taskQueue, next);
        }
    }

    private bool MayReplace(WorkerExit exit) =>
        exit.Code != WorkerExit.SuccessCode && !(_setup.Options.StopsWhenUnconnected && exit.Error is ConsumeException);

    private async Task<bool> PauseAsync()
    {
        try
        {
            await Task.Delay(_setup.Options.RestartDelay, _setup.Time, _leaving.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
