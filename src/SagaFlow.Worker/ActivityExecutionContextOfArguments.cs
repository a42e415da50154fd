using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The attempt that a handler runs, with its arguments.</summary>
/// <typeparam name="TArguments">What the activity takes.</typeparam>
public sealed class ActivityExecutionContext<TArguments> : ActivityExecutionContext
{
    internal ActivityExecutionContext(ActivityRequest request, RunningAttempt attempt, TArguments arguments) : base(request, attempt) =>
        Arguments = arguments;

    /// <summary>Gets what the workflow passed.</summary>
    public TArguments Arguments { get; }
}
