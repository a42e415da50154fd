using MassTransit;

namespace SagaFlow.Tests.Joins;

/// <summary>Asks for several scores and does not say what comes of them.</summary>
public sealed class CarelessWorkflow : WorkflowStateMachine<CarelessInstance>
{
    public CarelessWorkflow()
    {
        StartedBy(() => CarelessAsked, x => x.BusinessKey(m => m.Key));
        Activity(() => Score, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Initially(When(CarelessAsked)
            .ExecuteEach(Score, _ => [new ScoreArguments("a"), new ScoreArguments("b")])
            .TransitionTo(Score.Pending));
    }

    public Event<CarelessAsked> CarelessAsked { get; private set; } = null!;

    public Activity<ScoreArguments, int> Score { get; private set; } = null!;
}

public sealed class CarelessInstance : WorkflowInstance;

public sealed record CarelessAsked(string Key);
