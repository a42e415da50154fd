using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Says where a handler's requests come from.</summary>
public sealed class ActivityHandlerBuilder
{
    private readonly SagaFlowWorkerBuilder _worker;
    private readonly HandlerRegistration _registration;

    internal ActivityHandlerBuilder(SagaFlowWorkerBuilder worker, HandlerRegistration registration) =>
        (_worker, _registration) = (worker, registration);

    /// <summary>Lets the handler run only once for each attempt, whatever is delivered twice and to whom: the worker asks the engine for
    /// the attempt and waits for the receipt before the handler runs. By default it does not: a repeated delivery is dropped inside one
    /// process, but two processes may run it, and one result applies.</summary>
    /// <remarks>
    /// <para>It costs a round trip before each run. A delivery whose claim is rejected is dropped and counted
    /// (<c>sagaflow.worker.claims_rejected</c>). Without a receipt the handler does not run: the attempt is handed back, which makes the
    /// engine hand out the next one, and the request is delivered again. When the claiming process dies, or neither claim nor hand-back
    /// arrives, the attempt's own timeouts end it.</para>
    /// <para>It holds among workers that claim. One that does not, such as an older release during a rolling upgrade, may run the same
    /// delivery until its <c>started</c> arrives: turn claiming on in all workers of the task queue before relying on it. An engine that is
    /// older than this worker does not know that a hand-back or a claim names its attempt: upgrade engines first.</para>
    /// </remarks>
    public ActivityHandlerBuilder ClaimBeforeRun()
    {
        _registration.ClaimsBeforeRun = true;
        return this;
    }

    /// <summary>Limits how many attempts of this activity run at once in this process.</summary>
    /// <param name="count">1 to 1,000; more than the task queue's capacity limits nothing.</param>
    /// <remarks>A request beyond it waits in its worker for up to 5 seconds, then goes back to the end of the task queue, so that others in
    /// the queue get their turn. An activity that is often at its limit is better given a task queue of its own.</remarks>
    public ActivityHandlerBuilder LimitConcurrency(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, TaskQueueOptions.MaximumCapacity);
        _registration.MaximumConcurrency = count;
        return this;
    }

    /// <summary>Limits how many attempts of this activity this process starts within any window of a length.</summary>
    /// <param name="count">1 to 100,000.</param>
    /// <param name="period">The window; more than 0, at most 1 hour.</param>
    /// <inheritdoc cref="LimitConcurrency" path="/remarks"/>
    public ActivityHandlerBuilder LimitRate(int count, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(period, TimeSpan.FromHours(1));
        (_registration.MaximumStarts, _registration.StartPeriod) = (count, period);
        return this;
    }

    /// <summary>Takes the handler's requests from this task queue.</summary>
    /// <param name="taskQueue">1 to 64 characters of <c>a</c> to <c>z</c>, <c>0</c> to <c>9</c>, <c>_</c> and <c>-</c>.</param>
    /// <returns>The worker's builder, for the next handler.</returns>
    public SagaFlowWorkerBuilder OnTaskQueue(string taskQueue)
    {
        _registration.TaskQueue = BusNames.IsTaskQueue(taskQueue)
            ? taskQueue
            : throw new SagaFlowException($"The task queue name '{taskQueue}' of activity '{_registration.Activity}' cannot be used. "
                + "It takes 1 to 64 characters of 'a' to 'z', '0' to '9', '_' and '-'.");
        return _worker;
    }
}
