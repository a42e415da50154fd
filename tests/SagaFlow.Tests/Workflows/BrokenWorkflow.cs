using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Its own code throws once its activity has completed, after it has asked for another one.</summary>
public sealed class BrokenWorkflow : WorkflowStateMachine<BrokenInstance>
{
    public BrokenWorkflow()
    {
        StartedBy(() => BasketPaid, x => x.BusinessKey(m => m.Basket));
        Activity(() => Pack, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Activity(() => Thank, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(BasketPaid).ExecuteActivity(Pack, x => x.Message.Basket).TransitionTo(Pack.Pending));
        During(Pack.Pending, When(Pack.Completed)
            .ExecuteActivity(Thank, x => x.Message.Result)
            .Publish(x => new InvoiceWanted(x.Message.Result))
            .Then(_ => throw new InvalidOperationException("The shelf is empty")));
    }

    public Event<BasketPaid> BasketPaid { get; private set; } = null!;

    public Activity<string, string> Pack { get; private set; } = null!;

    public Activity<string, string> Thank { get; private set; } = null!;
}

public sealed class BrokenInstance : WorkflowInstance;
