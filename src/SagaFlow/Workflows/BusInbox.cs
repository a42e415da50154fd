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
            var endpoint = context.ReceiveContext.InputAddress.AbsolutePath.Split('/')[^1];
            await quarantine.AddAsync(endpoint, body, $"{typeof(T).Name}: {exception.Message}", CancellationToken.None);
        }
    }

    public Task RefuseInternalAsync<T>(ConsumeContext<T> context)
        where T : class
    {
        logger.InternalMessageForged(typeof(T).Name, context.ReceiveContext.InputAddress);
        return Task.CompletedTask;
    }

    /// <exception cref="SagaFlowException">The message had no place. Nobody waits for a receipt here, so it is put aside for an operator.</exception>
    public void Settled(string workflowType, Guid workflowId, string message, Receipt receipt)
    {
        logger.MessageSettled(message, workflowType, workflowId, receipt.Disposition);
        if (receipt.Disposition is Disposition.TooMany)
        {
            throw new SagaFlowException($"Workflow {workflowId} ({workflowType}) refused it as {receipt.Disposition.ToWireName()}: {receipt.Detail}");
        }
    }
}
