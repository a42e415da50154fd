using MassTransit;
using SagaFlow;

namespace QuickStart;

public sealed class OrderWorkflow : WorkflowStateMachine<OrderInstance>
{
    public OrderWorkflow()
    {
        StartedBy(() => OrderPlaced, x => x.BusinessKey(m => m.Number));

        Activity(() => Charge, a =>
        {
            a.TaskQueue = "payments";
            a.StartToCloseTimeout = TimeSpan.FromSeconds(30);       // for one attempt
            a.ScheduleToCloseTimeout = TimeSpan.FromMinutes(10);    // for all attempts together
        });
        Activity(() => Ship, a =>
        {
            a.TaskQueue = "warehouse";
            a.ScheduleToCloseTimeout = TimeSpan.FromDays(2);
        });

        Initially(
            When(OrderPlaced)
                .Then(x => x.Saga.Order = x.Message)
                .ExecuteActivity(Charge, x => new ChargeCard(x.Message.Number, x.Message.Price))
                .TransitionTo(Charge.Pending));

        During(Charge.Pending,
            When(Charge.Completed)
                .ExecuteActivity(Ship, x => new ShipOrder(x.Saga.Order.Number, x.Saga.Order.Item))
                .TransitionTo(Ship.Pending),
            When(Charge.Failed)
                .Fail(x => $"The card was not charged: {x.Message.Failure.Message}"));

        During(Ship.Pending,
            When(Ship.Completed)
                .Complete(x => new OrderShipped(x.Saga.Order.Number, x.Message.Result.ParcelId)));
                // no When(Ship.Failed): an outcome that nobody handles fails the workflow with its reason
    }

    public Event<OrderPlaced> OrderPlaced { get; private set; } = null!;
    public Activity<ChargeCard, Charged> Charge { get; private set; } = null!;
    public Activity<ShipOrder, Parcel> Ship { get; private set; } = null!;
}

public sealed class OrderInstance : WorkflowInstance
{
    public OrderPlaced Order { get; set; } = null!;
}

public sealed record OrderPlaced(string Number, string Item, decimal Price);
public sealed record ChargeCard(string Number, decimal Amount);
public sealed record Charged(string ChargeId);
public sealed record ShipOrder(string Number, string Item);
public sealed record Parcel(string ParcelId);
public sealed record OrderShipped(string Number, string ParcelId);
