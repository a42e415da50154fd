using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Gives a running workflow a message from raw JSON, whoever sent it: the control queue, HTTP or a test.</summary>
internal sealed class SignalIngress(WorkflowEngine engine, WorkflowRegistry registry, IWorkflowReader reader, BusNames names)
{
    public async Task<Receipt> SignalAsync(SignalWorkflow signal, CancellationToken cancellationToken)
    {
        var type = signal.WorkflowId is { } id ? await TypeOfAsync(id, cancellationToken) : signal.WorkflowType;
        if (type is null || !registry.TryFind(type, out var definition))
        {
            return type is null
                ? new Receipt(Disposition.UnknownWorkflow, $"No workflow {signal.WorkflowId}")
                : new Receipt(Disposition.UnknownWorkflow, $"No workflow type '{type}'. {registry.KnownTypes()}") { Code = "unknown_workflow_type" };
        }

        if (Find(definition.Machine.Signals.Values, signal.Event) is not { } declared)
        {
            return new Receipt(Disposition.Malformed, UnknownEvent(definition, signal.Event)) { Code = "unknown_signal" };
        }

        try
        {
            var workflowId = signal.WorkflowId ?? WireIds.Workflow(names.Prefix, type, StartDefinition.Normalize(signal.BusinessKey));
            return await SignalAsync(definition, declared, workflowId, signal, cancellationToken);
        }
        catch (BusinessKeyException exception)
        {
            return new Receipt(Disposition.Malformed, exception.Message) { Code = "business_key" };
        }
    }

    private async Task<string?> TypeOfAsync(Guid workflowId, CancellationToken cancellationToken) =>
        (await reader.FindWorkflowAsync(workflowId, cancellationToken))?.Type;

    // By the event's name, which is unique; else by the message's, if only one event takes such a message.
    private static SignalDefinition? Find(IEnumerable<SignalDefinition> signals, string? name)
    {
        var all = signals.ToList();
        return all.Find(x => x.EventName == name)
            ?? (all.FindAll(x => string.IsNullOrEmpty(name) || x.MessageType.Name == name) is [var only] ? only : null);
    }

    private static string UnknownEvent(WorkflowDefinition definition, string? name)
    {
        var known = definition.Machine.Signals.Values.Select(x => $"'{x.EventName}' ({x.MessageType.Name})").Order(StringComparer.Ordinal).ToList();
        var takes = known.Count == 0 ? "It takes no signals: declare them with SignaledBy." : $"It takes: {string.Join(", ", known)}.";
        return string.IsNullOrEmpty(name)
            ? $"The signal names no event of workflow type '{definition.Type}'. {takes}"
            : $"Workflow type '{definition.Type}' takes no signal '{name}'. {takes}";
    }

    private Task<Receipt> SignalAsync(
        WorkflowDefinition definition, SignalDefinition declared, Guid workflowId, SignalWorkflow signal, CancellationToken cancellationToken)
    {
        var body = signal.Message.GetRawText();
        if (!RawJson.TryReadMessage(body, declared.MessageType, out _, out var problem))
        {
            return Task.FromResult(
                new Receipt(Disposition.Malformed, $"The message of signal '{declared.EventName}' does not fit: {problem}") { Code = "schema" });
        }

        var message = new UserMessage(IdOf(signal, declared, workflowId, body), body);
        return engine.SignalAsync(
            definition,
            new InboxKey(definition.Type, workflowId, message.Id),
            declared.EventName,
            message,
            turn => definition.RaiseAsync(turn, declared.EventName, body),
            cancellationToken);
    }

    // Without an id of the sender's, the same content is the same message.
    private static Guid IdOf(SignalWorkflow signal, SignalDefinition declared, Guid workflowId, string body) =>
        signal.MessageId is { } id ? WireIds.Message(id) : WireIds.Derive(workflowId, $"signal/{declared.EventName}/{BodyHashes.Of(body)}");
}
