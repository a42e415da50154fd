using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Stands for the handler that is not there: the attempt fails at once instead of waiting for its timeout.</summary>
internal sealed class RefusingInvoker(ActivityFailure failure) : IHandlerInvoker
{
    public Task<HandlerOutcome> InvokeAsync(IServiceProvider scope, ActivityRequest request, RunningAttempt attempt) =>
        throw new ActivityFailureException(failure);
}
