using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Asks for an activity whose time is over again each time it is told so.</summary>
public sealed class CircleWorkflow : WorkflowStateMachine<CircleInstance>
{
    public CircleWorkflow()
    {
        StartedBy(() => CircleBegun, x => x.BusinessKey(m => m.Name));
        Activity(() => Step, a => a.ScheduleToCloseTimeout = TimeSpan.FromDays(1));

        Initially(When(CircleBegun)
            .ExecuteActivity(Step, x => x.Message.Name, (x, options) => options.ScheduleToCloseAt = x.Now())
            .TransitionTo(Step.Pending));

        During(Step.Pending,
            When(Step.TimedOut).ExecuteActivity(Step, _ => "again", (x, options) => options.ScheduleToCloseAt = x.Now()));
    }

    public Event<CircleBegun> CircleBegun { get; private set; } = null!;

    public Activity<string, string> Step { get; private set; } = null!;
}

public sealed class CircleInstance : WorkflowInstance;

public sealed record CircleBegun(string Name);
