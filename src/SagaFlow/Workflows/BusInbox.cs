using MassTransit;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Ingress;

namespace SagaFlow.Workflows;

/// <summary>What a workflow's queue does with a message besides running it: names it, refuses what is not for it, notes its end.</summary>
internal sealed class BusInbox(Quarantine quarantine, VersionWait waiting, ILogger<BusInbox> logger)
{
    /// <summary>The message's id, or one made from its content when the sender gave none.</summary>
    public static Guid MessageIdOf<T>(ConsumeContext<T> context)
        where T : class =>
        context.MessageId is { } id && id != Guid.Empty
            ? id
            : WireIds.Derive(context.CorrelationId ?? Guid.Empty, $"body/{BodyHashes.Of(RawJson.Write(context.Message))}");

    /// <summary>Takes a message. One that would fail in the same way again is put aside with the reason; for anything else, such as a
    /// database that is away, the queue's retry waits. One for a workflow of another version waits for an engine of that version.</summary>
    public Task ReceiveAsync<T>(ConsumeContext<T> context, Func<Task> receive)
        where T : class
    {
        var queue = context.ReceiveContext.InputAddress.AbsolutePath.Split('/')[^1];
        return waiting.TakeAsync(
            queue, () => RawHeaders.Read(context.ReceiveContext), () => TakeAsync(context, queue, receive), context.CancellationToken);
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

    private async Task TakeAsync<T>(ConsumeContext<T> context, string queue, Func<Task> receive)
        where T : class
    {
        try
        {
            await receive();
        }
        catch (SagaFlowException exception) when (exception is not WorkflowVersionException)
        {
            var body = new RawMessage { Body = context.ReceiveContext.GetBody(), ContentType = context.ReceiveContext.ContentType.MediaType };
            await quarantine.AddAsync(queue, body, $"{typeof(T).Name}: {exception.Message}", CancellationToken.None);
        }
    }
}
