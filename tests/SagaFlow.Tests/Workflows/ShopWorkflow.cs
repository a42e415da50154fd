using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Packs a parcel while it sends an invoice; the parcel alone ends it. The invoice is wanted by a message to another workflow.</summary>
public sealed class ShopWorkflow : WorkflowStateMachine<ShopInstance>
{
    public ShopWorkflow()
    {
        StartedBy(() => BasketPaid, x => x.BusinessKey(m => m.Basket));
        Activity(() => Pack, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Activity(() => Thank, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(BasketPaid)
            .Publish(x => new InvoiceWanted(x.Message.Basket))
            .ExecuteActivity(Pack, x => x.Message.Basket)
            .ExecuteActivity(Thank, x => x.Message.Basket)
            .TransitionTo(Working));

        During(Working,
            When(Pack.Completed).Complete(x => x.Message.Result),
            Ignore(Thank.Completed));
    }

    public Event<BasketPaid> BasketPaid { get; private set; } = null!;

    public Activity<string, string> Pack { get; private set; } = null!;

    public Activity<string, string> Thank { get; private set; } = null!;

    public State Working { get; private set; } = null!;
}

public sealed class ShopInstance : WorkflowInstance;

public sealed record BasketPaid(string Basket);

public sealed record InvoiceWanted(string Basket);

/// <summary>Started by the shop's message; prints an invoice.</summary>
public sealed class InvoiceWorkflow : WorkflowStateMachine<InvoiceInstance>
{
    public InvoiceWorkflow()
    {
        StartedBy(() => InvoiceWanted, x => x.BusinessKey(m => m.Basket));
        Activity(() => Print, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(InvoiceWanted).ExecuteActivity(Print, x => x.Message.Basket).TransitionTo(Print.Pending));
        During(Print.Pending, When(Print.Completed).Complete(x => x.Message.Result));
    }

    public Event<InvoiceWanted> InvoiceWanted { get; private set; } = null!;

    public Activity<string, string> Print { get; private set; } = null!;
}

public sealed class InvoiceInstance : WorkflowInstance;
