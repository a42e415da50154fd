using MassTransit;

namespace SagaFlow.Tests.Joins;

/// <summary>Collects a price and a stock, asked for at once, as often as it is told to.</summary>
public sealed class OfferWorkflow : WorkflowStateMachine<OfferInstance>
{
    public OfferWorkflow()
    {
        StartedBy(() => OfferAsked, x => x.BusinessKey(m => m.Item));
        Activity(() => GetPrice, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Activity(() => GetStock, a => a.ScheduleToCloseTimeout = TimeSpan.FromMinutes(5));

        Initially(When(OfferAsked)
            .Then(x => x.Saga.Rounds = x.Message.Rounds)
            .CollectOffer(this)
            .IfElse(x => x.Message.PriceFirst, x => x.TransitionTo(GetPrice.Pending), x => x.TransitionTo(Collecting)));

        During(GetPrice.Pending,
            When(GetPrice.Completed)
                .If(x => x.Message.Result > 100, tooHigh => tooHigh.ExecuteActivity(GetPrice, _ => new OfferArguments("a lower price")))
                .TransitionTo(Collecting),
            Ignore(GetStock.Completed));

        During(Collecting,
            #region when-all
            WhenAll(GetPrice, GetStock)
                .Then(x => x.Saga.Offers.Add($"{x.ResultOf(GetStock)} at {x.ResultOf(GetPrice)}"))
            #endregion
                .IfElse(
                    x => x.Saga.Offers.Count < x.Saga.Rounds,
                    again => again.CollectOffer(this),
                    enough => enough.Complete(x => x.Saga.Offers)),
            When(GetStock.TimedOut).ExecuteActivity(GetStock, _ => new OfferArguments("once more")));
    }

    public Event<OfferAsked> OfferAsked { get; private set; } = null!;

    public Activity<OfferArguments, int> GetPrice { get; private set; } = null!;

    public Activity<OfferArguments, int> GetStock { get; private set; } = null!;

    public State Collecting { get; private set; } = null!;
}

public sealed class OfferInstance : WorkflowInstance
{
    public int Rounds { get; set; }

    public List<string> Offers { get; set; } = [];
}

internal static class OfferVerbs
{
    public static EventActivityBinder<OfferInstance, T> CollectOffer<T>(this EventActivityBinder<OfferInstance, T> binder, OfferWorkflow workflow)
        where T : class =>
        binder
            .ExecuteActivity(workflow.GetPrice, _ => new OfferArguments("price"))
            .ExecuteActivity(workflow.GetStock, _ => new OfferArguments("stock"));
}

public sealed record OfferAsked(string Item, int Rounds = 1, bool PriceFirst = false);

public sealed record OfferArguments(string What);
