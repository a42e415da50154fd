using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Ingress;
using SagaFlow.Tokens;

namespace SagaFlow.Joins;

/// <summary>Takes join messages from their queue. One that this deployment did not sign is put aside.</summary>
internal sealed class JoinEndpoint(JoinEngine engine, InternalMac mac, Quarantine quarantine, BusNames names, ILogger<JoinEndpoint> logger)
{
    public async Task HandleAsync(RawMessage message, CancellationToken cancellationToken)
    {
        if (!mac.Verifies(message) || JoinMessage.Read(message.Body.Span) is not { } join)
        {
            await quarantine.AddAsync(names.Joins, message, "forged: an internal message without a valid signature", cancellationToken);
            return;
        }

        var receipt = await engine.JoinAsync(join.WorkflowId, join.GroupId, cancellationToken);
        logger.GroupJoined(join.GroupId, join.WorkflowId, receipt.Disposition);
    }
}
