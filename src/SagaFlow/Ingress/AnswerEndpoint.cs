using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Ingress;

/// <summary>Answers that come by the broker: read, hand to the ingress, reply with the receipt when the sender asked for one.</summary>
internal sealed class AnswerEndpoint(AnswerIngress ingress, Quarantine quarantine, IRawBus bus, BusNames names)
{
    private const string Envelope = "application/vnd.masstransit+json";

    public async Task HandleAsync(RawMessage message, CancellationToken cancellationToken)
    {
        var receipt = await JudgeAsync(message, cancellationToken);
        if (message.ReplyTo is { Length: > 0 } replyTo && !names.IsReserved(replyTo))
        {
            await bus.SendAsync(replyTo, new RawMessage { Body = WireJson.Write(receipt), CorrelationId = message.CorrelationId }, cancellationToken);
        }
    }

    private async Task<Receipt> JudgeAsync(RawMessage message, CancellationToken cancellationToken)
    {
        var body = message.Body;
        WireProblem? problem = null;
        if (message.ContentType.StartsWith(Envelope, StringComparison.OrdinalIgnoreCase))
        {
            body = WireJson.TryUnwrapEnvelope(message.Body, out var envelope, out problem) ? envelope.Message : default;
        }

        if (problem is null && WireJson.TryReadAnswer(body, out var answer, out problem))
        {
            return await ingress.AcceptAsync(answer, cancellationToken);
        }

        await quarantine.AddAsync(names.Answers, message, $"{problem!.Code}: {problem.Detail}", cancellationToken);
        return new Receipt(problem.Disposition, problem.Detail);
    }
}
