using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Testing;

/// <summary>Brings each outgoing message to whoever would take it from its queue.</summary>
internal sealed class Deliveries(ActivityDesk desk, HandlerRuns handlers, WorkflowRegistry registry, BusNames names, IOutbox outbox, StepQueue steps, AnswerGate answers, JoinGate joins)
{
    public Task DeliverAsync(OutgoingMessage message) => message.Kind switch
    {
        OutgoingKind.ActivityRequest => DeliverRequestAsync(message),
        OutgoingKind.Cancel => handlers.CancelAsync(message),
        OutgoingKind.Join => joins.SendAsync(message),
        _ => DeliverAuthorsAsync(message),
    };

    /// <summary>Hands a message to every workflow that takes its type, as their queues would.</summary>
    /// <returns>How many took it.</returns>
    public async Task<int> PublishAsync(Type type, byte[] envelope)
    {
        var receivers = registry.All.Where(x => x.MessageTypes.Values.Any(handled => handled.IsAssignableFrom(type))).ToList();
        foreach (var receiver in receivers)
        {
            await receiver.ReceiveAsync(envelope, CancellationToken.None);
        }

        return receivers.Count;
    }

    // A mock before a handler, a handler before the test: what nobody takes waits to be answered by hand.
    private Task DeliverRequestAsync(OutgoingMessage message)
    {
        if (!WireJson.TryReadRequest(message.Body, out var request, out var problem))
        {
            throw new InvalidOperationException($"The engine's own request cannot be read: {problem.Detail}");
        }

        if (desk.Receive(request) is { } outcome)
        {
            if (outcome.ToAnswer(request) is { } answer)
            {
                steps.Add($"answer {answer.Kind} of '{request.ActivityId}'", () => answers.SendAsync(answer));
            }
        }
        else
        {
            handlers.TryStart(message, request);
        }

        return Task.CompletedTask;
    }

    private async Task DeliverAuthorsAsync(OutgoingMessage outgoing)
    {
        var message = AuthorMessage.Read(outgoing);
        desk.Published.Add(message);
        foreach (var workflow in registry.All.Where(x => IsFor(message, x)))
        {
            await workflow.ReceiveAsync(message.Body, CancellationToken.None);
        }

        await outbox.DeleteAsync([outgoing.Id], CancellationToken.None);
    }

    private bool IsFor(AuthorMessage message, WorkflowDefinition workflow) =>
        message.Destination == names.Workflow(workflow.Type)
        || (message.IsPublished && workflow.MessageTypes.Values.Any(message.Is));
}
