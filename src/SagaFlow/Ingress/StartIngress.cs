using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Starts a workflow from raw JSON, whoever asked: the control queue, HTTP or a test.</summary>
internal sealed class StartIngress(WorkflowEngine engine, WorkflowRegistry registry, ILogger<StartIngress> logger)
{
    public async Task<Receipt> StartAsync(string workflowType, string message, string? messageId, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(workflowType, out var definition) || definition.Machine.Start is not { } start)
        {
            return Refuse(workflowType, Disposition.UnknownWorkflow, "unknown_workflow_type", $"No workflow type '{workflowType}'. {registry.KnownTypes()}");
        }

        if (!RawJson.TryReadMessage(message, start.MessageType, out var input, out var problem))
        {
            return Refuse(workflowType, Disposition.Malformed, "schema", $"The start message of workflow type '{workflowType}' does not fit: {problem}");
        }

        try
        {
            var workflowId = start.WorkflowIdOf(input);
            var user = new UserMessage(IdOf(messageId, workflowId, message), message);
            return await engine.StartAsync(
                definition,
                start.TermsOf(input),
                new InboxKey(workflowType, workflowId, user.Id),
                user,
                turn => definition.RaiseAsync(turn, start.EventName, message),
                cancellationToken);
        }
        catch (Exception exception) when (exception is BusinessKeyException or WorkflowTimeoutException)
        {
            return Refuse(workflowType, Disposition.Malformed, exception is BusinessKeyException ? "business_key" : "duration", exception.Message);
        }
    }

    private static Guid IdOf(string? messageId, Guid workflowId, string message) =>
        string.IsNullOrEmpty(messageId) ? WireIds.Derive(workflowId, $"start/{BodyHashes.Of(message)}") : WireIds.Message(messageId);

    private Receipt Refuse(string workflowType, Disposition disposition, string code, string reason)
    {
        logger.StartRefused(workflowType, reason);
        return new Receipt(disposition, reason) { Code = code };
    }
}
