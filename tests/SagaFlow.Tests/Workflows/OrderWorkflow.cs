using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>A small workflow that tests run: it reserves stock, then ships; a failed shipment releases nothing and fails it.</summary>
public sealed class OrderWorkflow : WorkflowStateMachine<OrderInstance>
{
    public OrderWorkflow()
    {
        StartedBy(() => OrderPlaced, x => x.BusinessKey(m => m.Number));

        Activity(() => Reserve, a => a.StartToCloseTimeout = TimeSpan.FromSeconds(10));
        Activity(() => Ship, a =>
        {
            a.StartToCloseTimeout = TimeSpan.FromSeconds(10);
            a.Retry.MaximumAttempts = 1;
        });

        Initially(
            When(OrderPlaced)
                .Then(x => x.Saga.Item = x.Message.Item)
                .ExecuteActivity(Reserve, x => new ReserveStock(x.Message.Item))
                .TransitionTo(Reserve.Pending));

        During(Reserve.Pending,
            When(Reserve.Completed)
                .Then(x => x.Saga.Shelf = x.Message.Result.Shelf)
                .ExecuteActivity(Ship, x => new ShipParcel(x.Saga.Item, x.Saga.Shelf))
                .TransitionTo(Ship.Pending));

        During(Ship.Pending,
            When(Ship.Completed).Complete(x => new OrderShipped(x.Saga.Item, x.Message.Result.Parcel)));
    }

    public Event<OrderPlaced> OrderPlaced { get; private set; } = null!;

    public Activity<ReserveStock, Reservation> Reserve { get; private set; } = null!;

    public Activity<ShipParcel, Shipment> Ship { get; private set; } = null!;
}

public sealed class OrderInstance : WorkflowInstance
{
    public string Item { get; set; } = "";

    public string Shelf { get; set; } = "";
}

public sealed record OrderPlaced(string Number, string Item);

public sealed record ReserveStock(string Item);

public sealed record Reservation(string Shelf);

public sealed record ShipParcel(string Item, string Shelf);

public sealed record Shipment(string Parcel);

public sealed record OrderShipped(string Item, string Parcel);
