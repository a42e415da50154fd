using SagaFlow.Client.Bus;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker.Pools;

/// <summary>The way of one delivery through a pool: it is read, waits for the limits, and runs.</summary>
internal sealed class TaskTaker(ActivityRunner runner, TaskLimits limits, WorkerStop stop, PoolSetup setup, CancellationToken closing)
{
    /// <summary>Whether the pool stops, so that nothing more is taken. Each worker hears of it a little later.</summary>
    public bool IsStopping => closing.IsCancellationRequested;

    /// <summary>Takes a delivery. It may be acknowledged when this returns.</summary>
    /// <param name="message">The delivery.</param>
    /// <param name="report">Tells of it.</param>
    /// <param name="leaving">Ends the waiting for a limit: then the delivery is given back.</param>
    /// <returns>The run, which ends when the slot is free. It does not throw.</returns>
    public async Task<Task> TakeAsync(RawMessage message, RunReport report, CancellationToken leaving)
    {
        // Another worker may run it from the start.
        closing.ThrowIfCancellationRequested();
        if (runner.Accept(message, setup.Answers, stop, report) is not { } run)
        {
            return Task.CompletedTask;
        }

        if (!await MayStartAsync(run, report, message, leaving))
        {
            return Task.CompletedTask;
        }

        var execution = ExecuteAsync(run);
        await run.Accepted;
        return execution;
    }

    private async Task<bool> MayStartAsync(ActivityRun run, RunReport report, RawMessage message, CancellationToken leaving)
    {
        try
        {
            if (await limits.TryEnterAsync(run.Activity, leaving))
            {
                return true;
            }

            // A delivery must not be held for long, and others in the queue may be free to run. The same message goes to the queue's end;
            // forgotten before, because another worker of this process may have it in hand before this one goes on.
            run.Forget();
            await setup.Bus.SendAsync(setup.Names.TaskQueue(runner.TaskQueue), message, leaving);
            report.PutBack();
            run.Abandon();
            return false;
        }
        catch
        {
            run.Abandon();
            throw;
        }
    }

    private async Task ExecuteAsync(ActivityRun run)
    {
        // A handler that blocks its thread must not keep the delivery from being acknowledged.
        await Task.Yield();
        await run.ExecuteAsync();
        limits.Leave(run.Activity);
    }
}
