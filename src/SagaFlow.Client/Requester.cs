using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Client.Bus;

namespace SagaFlow.Client;

/// <summary>Sends a message until its receipt is there. Every repetition is the same message with the same id, so that it is applied once.</summary>
internal sealed class Requester(
    IRawBus bus, ReplyInbox inbox, IOptions<SagaFlowClientOptions> options, TimeProvider timeProvider, ILogger<Requester> logger)
{
    /// <summary>Asks and waits for the reply.</summary>
    /// <param name="queue">Where the question goes.</param>
    /// <param name="question">What is sent; where the reply goes is filled in here.</param>
    /// <param name="hold">How long the other side may hold the reply back on purpose.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ReceiptTimeoutException">No reply came in time.</exception>
    public async Task<RawMessage> AskAsync(string queue, Question question, TimeSpan hold, CancellationToken cancellationToken)
    {
        BodySize.Check(question.Body.Length, question.What);
        var timeout = options.Value.ReceiptTimeout + hold;
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await AskUntilAnsweredAsync(queue, question, options.Value.ResendInterval + hold, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ReceiptTimeoutException(question.What, timeout);
        }
    }

    private async Task<RawMessage> AskUntilAnsweredAsync(string queue, Question question, TimeSpan resendInterval, CancellationToken cancellationToken)
    {
        var correlationId = question.Id.ToString("N");
        var message = new RawMessage
        {
            Body = question.Body,
            MessageId = question.Id.ToString(),
            CorrelationId = correlationId,
            Headers = TraceHeaders.Current,
            ReplyTo = await inbox.ConnectAsync(cancellationToken).ConfigureAwait(false),
        };
        var reply = inbox.Expect(correlationId);
        try
        {
            while (true)
            {
                await TrySendAsync(queue, message, cancellationToken).ConfigureAwait(false);
                if (await IsHereAsync(reply, resendInterval, cancellationToken).ConfigureAwait(false))
                {
                    return await reply.ConfigureAwait(false);
                }
            }
        }
        finally
        {
            inbox.Forget(correlationId);
        }
    }

    private async Task TrySendAsync(string queue, RawMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await bus.SendAsync(queue, message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A broker that is away may be back before the deadline.
            logger.SendFailed(exception, message.MessageId, queue);
        }
    }

    private async Task<bool> IsHereAsync(Task<RawMessage> reply, TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            await reply.WaitAsync(interval, timeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
