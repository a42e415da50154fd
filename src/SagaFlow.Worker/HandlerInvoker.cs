using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <inheritdoc cref="IHandlerInvoker"/>
internal sealed class HandlerInvoker<THandler, TArguments, TResult> : IHandlerInvoker
    where THandler : class, IActivityHandler<TArguments, TResult>
{
    public async Task<HandlerOutcome> InvokeAsync(IServiceProvider scope, ActivityRequest request, RunningAttempt attempt)
    {
        var context = new ActivityExecutionContext<TArguments>(request, attempt, Arguments(request));
        var handler = scope.GetRequiredService<THandler>();
        attempt.Begin();
        if (handler.HandleAsync(context, attempt.StopToken) is not { } work)
        {
            return default;
        }

        var outcome = await work;
        return new HandlerOutcome(outcome.HasResult ? Result(outcome.Result) : null, outcome.IsPending);
    }

    private static TArguments Arguments(ActivityRequest request) =>
        PayloadJson.TryRead<TArguments>(request.Arguments, out var arguments, out var problem)
            ? arguments!
            : throw new ActivityFailureException(ActivityFailure.NonRetryable(
                "InvalidArguments", $"The arguments of activity '{request.Activity}' cannot be read: {problem}."));

    // By its declared type, so that the workflow reads what the handler promised.
    private static JsonElement Result(TResult? result) => JsonSerializer.SerializeToElement(result, PayloadJson.Options);
}
