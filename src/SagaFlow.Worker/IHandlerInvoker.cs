using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Calls a handler whose types are known only here.</summary>
internal interface IHandlerInvoker
{
    /// <summary>Reads the arguments, makes the handler in the scope and runs it.</summary>
    /// <exception cref="ActivityFailureException">The arguments do not fit; the handler was not called.</exception>
    Task<HandlerOutcome> InvokeAsync(IServiceProvider scope, ActivityRequest request, RunningAttempt attempt);
}
