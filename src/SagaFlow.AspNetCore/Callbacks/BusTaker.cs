using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>An engine elsewhere, reached by the bus. The answer is sent again while no receipt comes; the engine drops repeats.</summary>
internal sealed class BusTaker(Requester requester, BusNames names, IIdSource ids) : IAnswerTaker
{
    public async Task<Receipt> TakeAsync(ActivityAnswer answer, CancellationToken cancellationToken)
    {
        var body = WireJson.Write(answer);
        if (body.Length > WireLimits.BodyBytes)
        {
            // With kind and token, which the route and the header gave before, it can outgrow a message.
            return new Receipt(Disposition.TooLarge, $"The answer with its token is larger than {WireLimits.BodyBytes} bytes");
        }

        var question = new Question(ids.Next(), body, $"'{answer.Kind.ToWireName()}' answer");
        var reply = await requester.AskAsync(names.Answers, question, hold: TimeSpan.Zero, cancellationToken);
        return WireJson.TryReadReceipt(reply.Body, out var receipt, out var problem)
            ? receipt
            : throw new SagaFlowException($"The receipt of the {question.What} cannot be read: {problem.Detail}. Use the same version on both sides.");
    }
}
