using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>A quotation that follows the price until it is accepted.</summary>
public sealed class QuoteWorkflow : WorkflowStateMachine<QuoteInstance>
{
    public QuoteWorkflow()
    {
        StartedBy(() => Asked, x => x.BusinessKey(m => m.Number));
        #region for-all
        SignaledBy(() => PriceChanged, x => x.ForAll());
        #endregion
        SignaledBy(() => Taken, x => x.BusinessKey(m => m.Number));

        Initially(When(Asked).TransitionTo(Open));
        During(Open,
            When(PriceChanged).Then(x => x.Saga.Prices.Add(x.Message.Price)),
            When(Taken).Complete(x => x.Saga.Prices.Count));
    }

    public Event<QuoteAsked> Asked { get; private set; } = null!;

    public Event<PriceChanged> PriceChanged { get; private set; } = null!;

    public Event<QuoteTaken> Taken { get; private set; } = null!;

    public State Open { get; private set; } = null!;
}

public sealed class QuoteInstance : WorkflowInstance
{
    public List<decimal> Prices { get; set; } = [];
}

public sealed record QuoteAsked(string Number);

public sealed record PriceChanged(decimal Price);

public sealed record QuoteTaken(string Number);
