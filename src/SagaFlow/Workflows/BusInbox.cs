using MassTransit;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Ingress;

namespace SagaFlow.Workflows;

/// <summary>What a workflow's queue does with a message besides running it: names it, refuses what is not for it, notes its end.</summary>
internal sealed class BusInbox(Quarantine quarantine, ILogger<BusInbox> logger)
{
    /// <summary>The message's id, or one made from its content when the sender gave none.</summary>
    public static Guid MessageIdOf<T>(ConsumeContext<T> context)
        where T : class =>
        context.MessageId is { } id && id != Guid.Empty
            ? id
            : WireIds.Derive(context.CorrelationId ?? Guid.Empty, $"body/{BodyHashes.Of(RawJson.Write(context.Message))}");

    /// <summary>Takes a message. One that would fail in the same way again is put aside with the reason; for anything else, such as a
    /// database that is away, the queue's retry waits.</summary>
    public async Task ReceiveAsync<T>(ConsumeContext<T> context, Func<Task> receive)
        where T : class
    {
        try
        {
            await receive();
        }
        catch (SagaFlowException exception)
        {
            var body = new RawMessage { Body = context.ReceiveContext.GetBody(), ContentType = context.ReceiveContext.ContentType.MediaType };
            var endpoint = context.ReceiveContext.InputAddress.AbsolutePath.Trim('/');
            await quarantine.AddAsync(endpoint, body, $"{typeof(T).Name}: {exception.Message}", CancellationToken.None);
        }
    }

    public Task RefuseInternalAsync<T>(ConsumeContext<T> context)
        where T : class
    {
        logger.InternalMessageForged(typeof(T).Name, context.ReceiveContext.InputAddress);
        return Task.CompletedTask;
    }

    public void Settled(string workflowType, Guid workflowId, string message, Receipt receipt)
    {
        if (receipt.Disposition is Disposition.TooMany)
        {
            // Nobody waits for a receipt here: an operator must be able to see that the message is lost.
            logger.MessageRefused(message, workflowType, workflowId, receipt.Detail);
        }

        logger.MessageSettled(message, workflowType, workflowId, receipt.Disposition);
    }
}
