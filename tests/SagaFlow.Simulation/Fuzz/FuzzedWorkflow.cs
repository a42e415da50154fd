using MassTransit;

namespace SagaFlow.Simulation.Fuzz;

internal sealed record FuzzAsked(string Number);

internal sealed record FuzzInstanceResult(string Text);

internal sealed class FuzzInstance : WorkflowInstance;

/// <summary>One activity, of which anything may be said.</summary>
internal sealed class FuzzedWorkflow : WorkflowStateMachine<FuzzInstance>
{
    public FuzzedWorkflow()
    {
        StartedBy(() => Asked, x => x.BusinessKey(m => m.Number));
        Activity(() => Work, a =>
        {
            a.ScheduleToCloseTimeout = TimeSpan.FromDays(365);
            a.HeartbeatTimeout = TimeSpan.FromDays(100);
            a.Retry.MaximumAttempts = 1;
        });
        Initially(When(Asked).ExecuteActivity(Work, x => x.Message).TransitionTo(Work.Pending));
        During(Work.Pending, When(Work.Failed).Complete(x => new FuzzInstanceResult(x.Message.Failure.Type)));
    }

    public Event<FuzzAsked> Asked { get; private set; } = null!;

    public Activity<FuzzAsked, object> Work { get; private set; } = null!;
}
