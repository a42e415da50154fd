using System.Text.Json;
using MassTransit;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>A workflow that waits for two strangers at once: the first to approve ends it, whatever the inspector still does.</summary>
public sealed class PermitWorkflow : WorkflowStateMachine<PermitInstance>
{
    public PermitWorkflow()
    {
        StartedBy(() => PermitRequested, x => x.BusinessKey(m => m.Number));

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
            When(Inspect.Completed).Then(x => x.Saga.Inspected = true));
    }

    public Event<PermitRequested> PermitRequested { get; private set; } = null!;

    public State Waiting { get; private set; } = null!;

    public Activity<string, JsonElement> Approve { get; private set; } = null!;

    public Activity<string, string> Inspect { get; private set; } = null!;
}

public sealed class PermitInstance : WorkflowInstance
{
    public bool Inspected { get; set; }
}

public sealed record PermitRequested(string Number);
