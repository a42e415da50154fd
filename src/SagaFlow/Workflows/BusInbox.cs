using MassTransit;
using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Workflows;

/// <summary>What a workflow's queue does with a message besides running it: names it, refuses what is not for it, notes its end.</summary>
internal sealed class BusInbox(ILogger<BusInbox> logger)
{
    /// <summary>The message's id, or one made from its content when the sender gave none.</summary>
    public static Guid MessageIdOf<T>(ConsumeContext<T> context)
        where T : class =>
        context.MessageId is { } id && id != Guid.Empty
            ? id
            : WireIds.Derive(context.CorrelationId ?? Guid.Empty, $"body/{BodyHashes.Of(RawJson.Write(context.Message))}");

    public Task RefuseInternalAsync<T>(ConsumeContext<T> context)
        where T : class
    {
        logger.InternalMessageForged(typeof(T).Name, context.ReceiveContext.InputAddress);
        return Task.CompletedTask;
    }

    public void Settled(string workflowType, Guid workflowId, string message, Receipt receipt) =>
        logger.MessageSettled(message, workflowType, workflowId, receipt.Disposition);
}
