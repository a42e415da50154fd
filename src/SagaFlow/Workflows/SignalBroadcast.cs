using System.Globalization;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Gives one message to every running workflow of a type: one turn for each, so that none loses what another changes.</summary>
/// <remarks>The delivery is acknowledged once all have taken it. When that is interrupted it comes again, and those that have it
/// already take it for a repeat.</remarks>
internal sealed class SignalBroadcast(WorkflowEngine engine, IWorkflowReader reader)
{
    private const int PageSize = 500;
    private const int AtOnce = 16;

    /// <summary>Gives the message to all of them.</summary>
    /// <exception cref="SagaFlowException">Some had no room for it. The others have taken it.</exception>
    public async Task SendAsync(WorkflowDefinition definition, string eventName, UserMessage message, CancellationToken cancellationToken)
    {
        var full = new List<Guid>();
        Guid? after = null;
        IReadOnlyList<Guid> page;
        do
        {
            page = await reader.ReadRunningIdsAsync(definition.Type, after, PageSize, cancellationToken);
            foreach (var some in page.Chunk(AtOnce))
            {
                var receipts = await Task.WhenAll(some.Select(x => SendAsync(definition, eventName, x, message, cancellationToken)));
                full.AddRange(some.Where((_, i) => receipts[i].Disposition is Disposition.TooMany));
            }

            after = page.Count == 0 ? after : page[^1];
        }
        while (page.Count == PageSize);

        if (full.Count > 0)
        {
            throw new SagaFlowException(string.Create(
                CultureInfo.InvariantCulture, $"{full.Count} workflows of type '{definition.Type}' keep too many messages already, among them {full[0]}"));
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
