using SagaFlow.Client.Bus;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker.Pools;

/// <summary>One worker: consumes its task queue, one request at a time, until it is told to leave or an error ends it.</summary>
internal sealed class PoolWorker(string name, string taskQueue, ISlotConsumer slots, TaskTaker taker, PoolSetup setup, Action running, CancellationToken leaving)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseGrowth = TimeSpan.FromSeconds(1.2);

    private Task _busy = Task.CompletedTask;
    private int _failures;
    private bool _isRunning;

    public string Name => name;

    /// <summary>Whether nothing is in hand.</summary>
    public bool IsIdle { get; private set; } = true;

    private bool IsLeaving => leaving.IsCancellationRequested || taker.IsStopping;

    /// <summary>Runs to the worker's end. It does not throw.</summary>
    public async Task<WorkerExit> RunAsync()
    {
        setup.Events.Raise(name, taskQueue, new WorkerStarting());
        var exit = await ConsumeUntilEndAsync();
        await _busy;
        setup.Events.Raise(name, taskQueue, new WorkerStopping());
        setup.Events.Raise(name, taskQueue, new WorkerStopped(exit));
        return exit;
    }

    private async Task<WorkerExit> ConsumeUntilEndAsync()
    {
        while (!IsLeaving)
        {
            try
            {
                await ConsumeAsync();
            }
            catch (Exception) when (IsLeaving)
            {
                // Its own leaving ends what waits, and is no failure.
                break;
            }
            catch (ConsumeException exception)
            {
                if (!await MayTryAgainAsync(exception))
                {
                    return WorkerExit.Of(exception);
                }
            }
            catch (Exception exception)
            {
                return WorkerExit.Of(exception);
            }
        }

        return WorkerExit.Success;
    }

    private async Task ConsumeAsync()
    {
        // A run may outlive the connection that its request came by: still one at a time.
        await _busy;
        setup.Events.Raise(name, taskQueue, new ConsumingStarting());
        await slots.ConsumeAsync(TakeAsync, BeginConsuming, leaving);
    }

    private void BeginConsuming()
    {
        _failures = 0;
        setup.Events.Raise(name, taskQueue, new ConsumingStarted());
        if (!_isRunning)
        {
            _isRunning = true;
            setup.Events.Raise(name, taskQueue, new WorkerRunning());
            running();
        }
    }

    private async Task<Task> TakeAsync(RawMessage message, CancellationToken token)
    {
        IsIdle = false;
        try
        {
            _busy = await taker.TakeAsync(message, new RunReport(setup.Events, name, taskQueue), token);
            _ = RestAsync(_busy);
            return _busy;
        }
        catch
        {
            IsIdle = true;
            throw;
        }
    }

    private async Task RestAsync(Task busy)
    {
        await busy;
        IsIdle = true;
    }

    private async Task<bool> MayTryAgainAsync(ConsumeException exception)
    {
        _failures++;
        var isRetriable = _failures < setup.Options.MaximumConnectFailures;
        setup.Events.Raise(name, taskQueue, new ConsumingFailed(exception, isRetriable, _failures));
        if (isRetriable)
        {
            await Task.Delay(FirstPause + (PauseGrowth * (_failures - 1)), setup.Time, leaving).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return isRetriable;
    }
}
