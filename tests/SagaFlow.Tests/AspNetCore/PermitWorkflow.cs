using System.Text.Json;
using MassTransit;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>A workflow that waits for two strangers at once: the first to approve ends it, whatever the inspector still does.</summary>
public sealed class PermitWorkflow : WorkflowStateMachine<PermitInstance>
{
    public PermitWorkflow()
    {
        StartedBy(() => PermitRequested, x =>
        {
            x.BusinessKey(m => m.Number);
            x.Timeout(m => m.LimitMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
        });
        SignaledBy(() => NoteAdded, x => x.WorkflowId(m => m.WorkflowId));
        SignaledBy(() => Objected, x => x.WorkflowId(m => m.WorkflowId));

        Activity(() => Approve, a =>
        {
            a.StartToCloseTimeout = TimeSpan.FromHours(1);
            a.Retry.MaximumAttempts = 2;
            a.Retry.InitialInterval = TimeSpan.FromMinutes(1);
            a.Retry.Jitter = 0;
        });
        Activity(() => Inspect, a =>
        {
            a.StartToCloseTimeout = TimeSpan.FromHours(2);
            a.HeartbeatTimeout = TimeSpan.FromMinutes(10);
            a.HeartbeatToken = true;
        });

        Initially(
            When(PermitRequested)
                .ExecuteActivity(Approve, x => x.Message.Number)
                .ExecuteActivity(Inspect, x => x.Message.Number)
                .TransitionTo(Waiting));

        During(Waiting,
            When(Approve.Completed).Complete(x => x.Message.Result),
            When(Approve.Failed).Fail(x => x.Message.Failure.Message),
            When(Inspect.Canceled).Then(x => x.Saga.Inspected = false),
            When(NoteAdded).Then(x => x.Saga.Notes.Add(x.Message.Text)),
            When(Inspect.Completed).Then(x => x.Saga.Inspected = true));
    }

    public Event<PermitRequested> PermitRequested { get; private set; } = null!;

    public Event<NoteAdded> NoteAdded { get; private set; } = null!;

    /// <summary>No state handles it: it is kept.</summary>
    public Event<Objected> Objected { get; private set; } = null!;

    public State Waiting { get; private set; } = null!;

    public Activity<string, JsonElement> Approve { get; private set; } = null!;

    public Activity<string, string> Inspect { get; private set; } = null!;
}

public sealed class PermitInstance : WorkflowInstance
{
    public bool Inspected { get; set; }

    public List<string> Notes { get; set; } = [];
}

public sealed record PermitRequested(string Number, int? LimitMinutes = null);
public sealed record NoteAdded(Guid WorkflowId, string Text);
public sealed record Objected(Guid WorkflowId, string Reason);
