using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Gives one message to every running workflow of a type: one turn for each, so that none loses what another changes.</summary>
/// <remarks>The delivery is acknowledged once all have taken it. When that is interrupted it comes again, and those that have it
/// already take it for a repeat. One workflow that cannot take it does not keep it from the others.</remarks>
internal sealed class SignalBroadcast(WorkflowEngine engine, IWorkflowReader reader)
{
    private const int PageSize = 500;
    private const int AtOnce = 16;

    /// <summary>Gives the message to all of them.</summary>
    /// <exception cref="SagaFlowException">Some had no room for it, or cannot be read by this code. The others have taken it.</exception>
    public async Task SendAsync(WorkflowDefinition definition, string eventName, UserMessage message, CancellationToken cancellationToken)
    {
        var failures = new BroadcastFailures(definition.Type);
        Guid? after = null;
        IReadOnlyList<Guid> page;
        do
        {
            page = await reader.ReadRunningIdsAsync(definition.Type, after, PageSize, cancellationToken);
            foreach (var some in page.Chunk(AtOnce))
            {
                await Task.WhenAll(some.Select(x => TrySendAsync(definition, eventName, x, message, failures, cancellationToken)));
            }

            after = page.Count == 0 ? after : page[^1];
        }
        while (page.Count == PageSize);

        failures.ThrowIfAny();
    }

    private async Task TrySendAsync(
        WorkflowDefinition definition, string eventName, Guid workflowId, UserMessage message, BroadcastFailures failures,
        CancellationToken cancellationToken)
    {
        try
        {
            var receipt = await SendAsync(definition, eventName, workflowId, message, cancellationToken);
            failures.Add(workflowId, receipt);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            failures.Add(workflowId, exception);
        }
    }

    private Task<Receipt> SendAsync(
        WorkflowDefinition definition, string eventName, Guid workflowId, UserMessage message, CancellationToken cancellationToken) =>
        engine.SignalAsync(
            definition,
            new InboxKey(definition.Type, workflowId, message.Id),
            eventName,
            message,
            turn => definition.RaiseAsync(turn, eventName, message.Body),
            cancellationToken);
}
