using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;
using SagaFlow.Client;

namespace SagaFlow.Workflows;

/// <summary>One registered workflow: its machine, and the way to raise an event in it inside a turn.</summary>
/// <remarks>Whatever happens to a workflow runs through the same saga pipe of MassTransit, whether it came by a queue or not.</remarks>
internal abstract class WorkflowDefinition(string type, IWorkflowMachine machine, Lazy<IReceiveEndpointDispatcher> pipe)
{
    /// <summary>The workflow's type, in kebab case.</summary>
    public string Type { get; } = type;

    public IWorkflowMachine Machine { get; } = machine;

    /// <summary>The author's messages that the machine handles, by event name.</summary>
    public abstract IReadOnlyDictionary<string, Type> MessageTypes { get; }

    /// <summary>The name of the event that takes messages of a type; a machine has one for each type.</summary>
    public string EventNameOf(Type messageType) => MessageTypes.First(x => x.Value.IsAssignableFrom(messageType)).Key;

    /// <summary>The name of the event that takes messages of the type of a URN; <see langword="null"/> when there is none.</summary>
    public string? EventNameOf(string messageUrn) => MessageTypes.FirstOrDefault(x => MessageUrn.ForTypeString(x.Value) == messageUrn).Key;

    /// <summary>Says why a stored message cannot be raised by this code, which may be newer than the message; <see langword="null"/> when it can.</summary>
    public string? ProblemOf(string eventName, string body)
    {
        if (!MessageTypes.TryGetValue(eventName, out var messageType))
        {
            return $"Workflow type '{Type}' has no event of this name any more";
        }

        try
        {
            _ = JsonSerializer.Deserialize(body, messageType, SystemTextJsonMessageSerializer.Options);
            return null;
        }
        catch (Exception exception)
        {
            // Whatever the author's constructors and converters throw, they throw again whenever it is tried.
            return $"It does not fit '{messageType.Name}' any more: {PayloadProblem.Of(exception, RawJson.Parse(body), messageType)}";
        }
    }

    /// <summary>Raises the end of the turn's activity.</summary>
    public Task RaiseEndedAsync(WorkflowTurn turn) =>
        PushAsync(turn, InlineEnvelope.Of(typeof(ActivityEnded), turn.WorkflowId, $$"""{"workflowId":"{{turn.WorkflowId}}"}"""));

    /// <summary>Raises a message of the author's from its raw JSON.</summary>
    public Task RaiseAsync(WorkflowTurn turn, string eventName, string body) =>
        PushAsync(turn, InlineEnvelope.Of(MessageTypes[eventName], turn.Messages.Current!.Id, body));

    /// <summary>Takes a message of the author's as the workflow's queue would, in its envelope.</summary>
    public Task ReceiveAsync(byte[] envelope, CancellationToken cancellationToken) =>
        pipe.Value.Dispatch(envelope, InlineEnvelope.Headers, cancellationToken);

    private Task PushAsync(WorkflowTurn turn, byte[] envelope) =>
        pipe.Value.Dispatch(envelope, InlineEnvelope.Headers, CancellationToken.None, turn);
}
