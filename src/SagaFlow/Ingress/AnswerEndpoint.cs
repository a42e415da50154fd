using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Ingress;

/// <summary>Answers that come by the broker: read, hand to the ingress, reply with the receipt when the sender asked for one.</summary>
internal sealed class AnswerEndpoint(AnswerIngress ingress, UnknownAnswers unknown, Quarantine quarantine, Replies replies, BusNames names)
{
    public async Task HandleAsync(RawMessage message, CancellationToken cancellationToken)
    {
        using var span = EngineTraces.BeginReceive(message, names.Answers);
        if (await JudgeAsync(message, cancellationToken) is { } receipt)
        {
            await replies.SendAsync(message, WireJson.Write(receipt), cancellationToken);
        }
    }

    // Without a receipt now, there is one later.
    private async Task<Receipt?> JudgeAsync(RawMessage message, CancellationToken cancellationToken)
    {
        if (!AnswerBodies.TryRead(message, out var answer, out var problem))
        {
            await quarantine.AddAsync(names.Answers, message, $"{problem.Code}: {problem.Detail}", cancellationToken);
            return new Receipt(problem.Disposition, problem.Detail) { Code = problem.Code };
        }

        var receipt = await ingress.AcceptAsync(answer, cancellationToken);
        return receipt.Disposition is Disposition.UnknownWorkflow
            ? await unknown.SettleAsync(message, answer, receipt, cancellationToken)
            : receipt;
    }
}
