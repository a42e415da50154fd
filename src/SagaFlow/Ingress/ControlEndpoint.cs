using System.Diagnostics.CodeAnalysis;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Ingress;

/// <summary>Starts, signals, cancellations and queries that come by the broker: read, do, reply.</summary>
internal sealed class ControlEndpoint(
    StartIngress starts,
    SignalIngress signals,
    CancelIngress cancels,
    QueryIngress queries,
    Quarantine quarantine,
    Replies replies,
    BusNames names)
{
    public async Task HandleAsync(RawMessage message, CancellationToken cancellationToken)
    {
        using var span = EngineTraces.BeginReceive(message, names.Control);
        if (!TryRead(message, out var request, out var problem))
        {
            await quarantine.AddAsync(names.Control, message, $"{problem.Code}: {problem.Detail}", cancellationToken);
            await ReplyAsync(message, ControlReply.From(new Receipt(problem.Disposition, problem.Detail) { Code = problem.Code }), cancellationToken);
            return;
        }

        switch (request)
        {
            case StartWorkflow start:
                var receipt = await starts.StartAsync(start.WorkflowType, start.Message.GetRawText(), start.MessageId, cancellationToken);
                await ReplyAsync(message, ControlReply.From(receipt), cancellationToken);
                break;
            case CancelWorkflow cancel:
                await ReplyAsync(message, ControlReply.From(await cancels.CancelAsync(cancel, cancellationToken)), cancellationToken);
                break;
            case SignalWorkflow signal:
                await ReplyAsync(message, ControlReply.From(await signals.SignalAsync(signal, cancellationToken)), cancellationToken);
                break;
            case QueryWorkflow query:
                // The reply may come much later; the delivery is not held for it.
                await queries.AnswerAsync(query, reply => ReplyAsync(message, reply, CancellationToken.None), cancellationToken);
                break;
        }
    }

    private static bool TryRead(RawMessage message, [NotNullWhen(true)] out ControlMessage? request, [NotNullWhen(false)] out WireProblem? problem)
    {
        request = null;
        return MessageBodies.TryOpen(message, out var body, out _, out problem) && ControlJson.TryRead(body, out request, out problem);
    }

    private Task ReplyAsync(RawMessage message, ControlReply reply, CancellationToken cancellationToken) =>
        replies.SendAsync(message, ControlJson.Write(reply), cancellationToken);
}
