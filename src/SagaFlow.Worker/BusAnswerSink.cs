using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Sends answers over the bus.</summary>
internal sealed class BusAnswerSink(IRawBus bus, Requester requester, IIdSource ids, TimeProvider timeProvider) : IAnswerSink
{
    // The handler waits for it: long enough for an engine at work, too short to hold the work up when there is none.
    private static readonly TimeSpan HeartbeatPatience = TimeSpan.FromSeconds(4);

    // Longer than an engine's restart, shorter than a broker's patience with a delivery in hand.
    private static readonly TimeSpan ClaimPatience = TimeSpan.FromSeconds(20);

    public Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        var message = new RawMessage { Body = WireJson.Write(answer), MessageId = WireIds.Answer(answer).ToString() };
        return bus.SendAsync(answerTo.Exchange, message, cancellationToken);
    }

    public Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken) =>
        AskAsync(heartbeat, answerTo, HeartbeatPatience, cancellationToken);

    public Task<Receipt?> ClaimAsync(ActivityAnswer claim, AnswerAddress answerTo, CancellationToken cancellationToken) =>
        AskAsync(claim, answerTo, ClaimPatience, cancellationToken);

    private async Task<Receipt?> AskAsync(ActivityAnswer answer, AnswerAddress answerTo, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(longest, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var question = new Question(ids.Next(), WireJson.Write(answer), answer.Kind.ToWireName());
        try
        {
            var reply = await requester.AskAsync(answerTo.Exchange, question, hold: TimeSpan.Zero, either.Token);
            return WireJson.TryReadReceipt(reply.Body, out var receipt, out _) ? receipt : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (ReceiptTimeoutException)
        {
            return null;
        }
    }
}
