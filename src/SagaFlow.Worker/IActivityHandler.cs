namespace SagaFlow.Worker;

/// <summary>Does the work of one activity.</summary>
/// <typeparam name="TArguments">What the activity takes.</typeparam>
/// <typeparam name="TResult">What it gives.</typeparam>
/// <remarks>
/// A handler may run more than once for one activity, in one process or in several; its result is applied at most once. Use the
/// pair of <see cref="ActivityExecutionContext.WorkflowId"/> and <see cref="ActivityExecutionContext.ActivityId"/> as the
/// idempotency key of what it does outside. Each run gets a handler of its own, from a scope of its own.
/// </remarks>
public interface IActivityHandler<TArguments, TResult>
{
    /// <summary>Runs one attempt.</summary>
    /// <param name="context">The attempt; it is usable until the returned task ends.</param>
    /// <param name="cancellationToken">Fires when the worker stops, when the attempt's deadline has passed by this process's clock,
    /// and when a heartbeat's receipt says that the activity is to stop.</param>
    /// <returns>The result, or <see cref="ActivityOutcome.Pending"/> when whoever holds the task token will answer.</returns>
    /// <remarks>Any exception ends the attempt as failed. Throw <see cref="ActivityFailureException"/> to choose the failure.</remarks>
    Task<ActivityOutcome<TResult>> HandleAsync(ActivityExecutionContext<TArguments> context, CancellationToken cancellationToken);
}
