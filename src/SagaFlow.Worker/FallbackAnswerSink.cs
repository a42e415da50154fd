using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Sends answers over the bus; what the bus does not take goes over HTTP, where the worker was told an address.</summary>
internal sealed class FallbackAnswerSink(BusAnswerSink bus, HttpCallbacks http, ILogger<FallbackAnswerSink> logger) : IAnswerSink
{
    public async Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        try
        {
            await bus.SendAsync(answer, answerTo, cancellationToken);
        }
        catch (Exception) when (http.IsConfigured && !cancellationToken.IsCancellationRequested)
        {
            if (await PostAsync(answer, cancellationToken) is null)
            {
                throw;
            }
        }
    }

    public Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken) =>
        AskAsync(heartbeat, () => bus.HeartbeatAsync(heartbeat, answerTo, cancellationToken), cancellationToken);

    public Task<Receipt?> ClaimAsync(ActivityAnswer claim, AnswerAddress answerTo, CancellationToken cancellationToken) =>
        AskAsync(claim, () => bus.ClaimAsync(claim, answerTo, cancellationToken), cancellationToken);

    private async Task<Receipt?> AskAsync(ActivityAnswer answer, Func<Task<Receipt?>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var receipt = await ask();
            if (receipt is not null || !http.IsConfigured)
            {
                return receipt;
            }
        }
        catch (Exception) when (http.IsConfigured && !cancellationToken.IsCancellationRequested)
        {
            // The other way is tried.
        }

        return await PostAsync(answer, cancellationToken);
    }

    private async Task<Receipt?> PostAsync(ActivityAnswer answer, CancellationToken cancellationToken)
    {
        var receipt = await http.PostAsync(answer, cancellationToken);
        if (receipt is not null)
        {
            logger.AnswerSentByHttp(answer.Kind, receipt.Disposition);
        }

        return receipt;
    }
}
