using MassTransit;

namespace SagaFlow.Tests.Joins;

/// <summary>Asks for a ferry and a train at once and books whichever is offered first.</summary>
public sealed class TravelWorkflow : WorkflowStateMachine<TravelInstance>
{
    public TravelWorkflow()
    {
        StartedBy(() => TravelAsked, x => x.BusinessKey(m => m.Traveller));
        Activity(() => Ferry, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Activity(() => Train, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Activity(() => Book, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(TravelAsked)
            .ExecuteActivity(Ferry, x => new OfferArguments(x.Message.Traveller))
            .ExecuteActivity(Train, x => new OfferArguments(x.Message.Traveller))
            .TransitionTo(Racing));

        #region when-any
        During(Racing,
            WhenAny(Ferry, Train)
                .ExecuteActivity(Book, x => new OfferArguments(x.Has(Ferry) ? $"ferry {x.ResultOf(Ferry)}" : $"train {x.ResultOf(Train)}"))
                .TransitionTo(Book.Pending));
        #endregion

        During(Book.Pending, When(Book.Completed).Complete(x => x.Message.Result));
    }

    public Event<TravelAsked> TravelAsked { get; private set; } = null!;

    public Activity<OfferArguments, int> Ferry { get; private set; } = null!;

    public Activity<OfferArguments, int> Train { get; private set; } = null!;

    public Activity<OfferArguments, string> Book { get; private set; } = null!;

    public State Racing { get; private set; } = null!;
}

public sealed class TravelInstance : WorkflowInstance;

public sealed record TravelAsked(string Traveller);
