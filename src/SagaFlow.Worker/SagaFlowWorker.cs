using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Worker.Events;
using SagaFlow.Worker.Pools;

namespace SagaFlow.Worker;

/// <inheritdoc cref="ISagaFlowWorker"/>
internal sealed class SagaFlowWorker : ISagaFlowWorker, IDisposable
{
    private readonly ActivityRunners _runners;
    private readonly RunningAttempts _running;
    private readonly CancelListener _cancellations;
    private readonly PoolSetup _setup;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _capacities;
    private TaskCompletionSource<WorkerExit> _exit = NewExit();
    private WorkerRun? _run;

    public SagaFlowWorker(
        ActivityRunners runners, RunningAttempts running, CancelListener cancellations, IAnswerSink answers, ISlotSource slots, IRawBus bus, BusNames names,
        WorkerNames workerNames, WorkerEvents events, IOptions<SagaFlowWorkerOptions> options, TimeProvider timeProvider, ILogger<SagaFlowWorker> logger)
    {
        (_runners, _running, _cancellations) = (runners, running, cancellations);
        _setup = new PoolSetup(slots, answers, bus, names, workerNames, events, options.Value, timeProvider, logger);
        _capacities = runners.All.ToDictionary(
            x => x.TaskQueue, x => options.Value.QueueOf(x.TaskQueue).Capacity ?? options.Value.SlotsPerTaskQueue, StringComparer.Ordinal);
    }

    public WorkerStatus Status => Volatile.Read(ref _run)?.Status ?? WorkerStatus.Stopped;

    public Task<WorkerExit> Exit => Volatile.Read(ref _exit).Task;

    public IReadOnlyList<WorkerPoolState> Pools
    {
        get
        {
            lock (_lock)
            {
                return [.. _runners.All.Select(x =>
                    new WorkerPoolState(x.TaskQueue, x.ActivityNames, _capacities[x.TaskQueue], _run?.PoolOf(x.TaskQueue)?.WorkerNames ?? []))];
            }
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var run = RunToStart();
        try
        {
            await run.StartAsync(CapacityOf).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await StopAsync(run, WorkerExit.Of(exception), CancellationToken.None);
            ThrowIfOther((await run.Exit).Error, exception);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) =>
        Volatile.Read(ref _run) is { } run ? StopAsync(run, WorkerExit.Success, cancellationToken) : Task.CompletedTask;

    public async Task SetCapacityAsync(string taskQueue, int capacity, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, TaskQueueOptions.MaximumCapacity);
        _ = _runners.For(taskQueue);
        if (Volatile.Read(ref _run) is { Status: WorkerStatus.Running } run)
        {
            var resizing = run.PoolOf(taskQueue)!.ResizeAsync(capacity, cancellationToken);
            if (!resizing.IsFaulted)
            {
                Remember(taskQueue, capacity);
            }

            await resizing;
        }
        else
        {
            Remember(taskQueue, capacity);
        }
    }

    public Task<AttemptDone?> RunOnceAsync(string taskQueue, TimeSpan wait, CancellationToken cancellationToken = default) =>
        new SingleRun(_runners.For(taskQueue), _setup).RunAsync(wait, cancellationToken);

    public void Dispose() => _run?.Dispose();

    // The start was given up because a worker had: that is what its caller wants to know.
    private static void ThrowIfOther(Exception? error, Exception known)
    {
        if (error is not null && !ReferenceEquals(error, known))
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private async Task StopAsync(WorkerRun run, WorkerExit exit, CancellationToken cancellationToken)
    {
        await run.StopAsync(exit, cancellationToken);
        Forget(run);
    }

    private void Forget(WorkerRun run)
    {
        lock (_lock)
        {
            _run = _run == run ? null : _run;
        }
    }

    private int CapacityOf(string taskQueue)
    {
        lock (_lock)
        {
            return _capacities[taskQueue];
        }
    }

    private void Remember(string taskQueue, int capacity)
    {
        lock (_lock)
        {
            _capacities[taskQueue] = capacity;
        }
    }

    private WorkerRun RunToStart()
    {
        lock (_lock)
        {
            if (_run is { Status: WorkerStatus.Stopping })
            {
                throw new SagaFlowException("The worker is stopping. Await that before it is started again.");
            }

            if (_run is null)
            {
                _exit = _exit.Task.IsCompleted ? NewExit() : _exit;
                _run = new WorkerRun(_runners, _running, _cancellations, _setup);
                _ = WatchAsync(_run, _exit);
            }

            return _run;
        }
    }

    private async Task WatchAsync(WorkerRun run, TaskCompletionSource<WorkerExit> exit)
    {
        var end = await run.Exit;
        Forget(run);
        exit.TrySetResult(end);
    }

    private static TaskCompletionSource<WorkerExit> NewExit() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
