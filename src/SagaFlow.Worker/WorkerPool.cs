using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;

namespace SagaFlow.Worker;

/// <summary>Takes requests from one task queue into a bounded number of slots.</summary>
internal sealed class WorkerPool(
    ActivityRunner runner, IAnswerSink answers, ISlotSource source, SagaFlowWorkerOptions options, TimeProvider timeProvider, ILogger logger)
    : IDisposable
{
    private readonly SemaphoreSlim _slots = new(options.SlotsPerTaskQueue, options.SlotsPerTaskQueue);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _graceOver = new();
    private ISlotConsumer? _consumer;

    // Slots that the stopping pool has taken itself: all of them means that nothing runs.
    private int _taken;

    public async Task StartAsync(BusNames names, CancellationToken cancellationToken)
    {
        _consumer = await source.ConsumeAsync(names.TaskQueue(runner.TaskQueue), options.SlotsPerTaskQueue, TakeAsync, cancellationToken);
        logger.WorkerStarted(runner.TaskQueue, options.SlotsPerTaskQueue, runner.Activities);
    }

    /// <summary>Stops consuming, tells the handlers to stop, waits for them and hands back what still runs.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _consumer, null) is not { } consumer)
        {
            return;
        }

        await _stopping.CancelAsync();
        var consumerStopped = consumer.StopAsync(cancellationToken);
        if (!await AreAllFreeAsync(cancellationToken))
        {
            await _graceOver.CancelAsync();
            await TakeAllSlotsAsync(cancellationToken);
        }

        await consumerStopped;
        logger.WorkerStopped(runner.TaskQueue);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _stopping.Dispose();
        _graceOver.Dispose();
    }

    /// <summary>Takes one delivery. It is acknowledged, by returning, as soon as the engine knows of the run; the slot is held until
    /// the handler returns, which the returned task says.</summary>
    private async Task<Task> TakeAsync(RawMessage message, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
        await _slots.WaitAsync(either.Token);
        var run = runner.Accept(message, answers, new WorkerStop(_stopping.Token, _graceOver.Token));
        if (run is null)
        {
            _slots.Release();
            return Task.CompletedTask;
        }

        var execution = ExecuteAsync(run);
        await run.Accepted;
        return execution;
    }

    private async Task ExecuteAsync(ActivityRun run)
    {
        // A handler that blocks its thread must not keep the delivery from being acknowledged.
        await Task.Yield();
        await run.ExecuteAsync();
        _slots.Release();
    }

    private async Task<bool> AreAllFreeAsync(CancellationToken cancellationToken)
    {
        using var grace = new CancellationTokenSource(options.ShutdownGracePeriod, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        try
        {
            await TakeAllSlotsAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TakeAllSlotsAsync(CancellationToken cancellationToken)
    {
        while (_taken < options.SlotsPerTaskQueue)
        {
            await _slots.WaitAsync(cancellationToken);
            _taken++;
        }
    }
}
