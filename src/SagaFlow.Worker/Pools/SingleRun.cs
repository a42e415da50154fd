using SagaFlow.Client.Bus;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker.Pools;

/// <summary>Takes one request by hand, beside any pool.</summary>
internal sealed class SingleRun(ActivityRunner runner, PoolSetup setup)
{
    /// <summary>Waits for a request and runs it; <see langword="null"/> when none came in time.</summary>
    public async Task<AttemptDone?> RunAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        setup.Events.MakeObservers();
        await using var slots = await setup.Slots.OpenAsync(setup.Names.TaskQueue(runner.TaskQueue), cancellationToken);
        using var limits = new TaskLimits(runner, setup.Options.QueueOf(runner.TaskQueue), setup.Time);
        using var waiting = new CancellationTokenSource(wait, setup.Time);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(waiting.Token, cancellationToken);
        var taker = new TaskTaker(runner, limits, new WorkerStop(cancellationToken, CancellationToken.None), setup, cancellationToken);
        var report = new RunReport(setup.Events, setup.WorkerNames.Next(runner.TaskQueue), runner.TaskQueue);
        var busy = Task.CompletedTask;
        async Task<Task> TakeAsync(RawMessage message, CancellationToken token)
        {
            // It takes no second one.
            await leaving.CancelAsync();
            return busy = await taker.TakeAsync(message, report, cancellationToken);
        }

        try
        {
            await slots.ConsumeAsync(TakeAsync, () => { }, leaving.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Either nothing came, or what came is taken.
        }

        await busy;
        return report.Done;
    }
}
