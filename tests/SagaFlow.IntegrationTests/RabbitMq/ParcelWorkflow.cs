using MassTransit;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.RabbitMq;

public sealed record SendParcel(string Number, string Way = "plain");

public sealed record ShipArguments(string Number);

public sealed record Shipped(string ParcelId);

public sealed record ParcelShipped(string Number, string ParcelId);

public sealed class ParcelInstance : WorkflowInstance
{
    public string Number { get; set; } = "";

    public bool Announces { get; set; }
}

/// <summary>One activity on the task queue <c>ship</c>; then it ends, and where it is wanted it publishes an event of its own.</summary>
public sealed class ParcelWorkflow : WorkflowStateMachine<ParcelInstance>
{
    public ParcelWorkflow()
    {
        StartedBy(() => SendParcel, x => x.BusinessKey(m => m.Number));
        Activity(() => Ship, a =>
        {
            a.TaskQueue = "ship";
            a.StartToCloseTimeout = TimeSpan.FromMinutes(5);
            a.ScheduleToCloseTimeout = TimeSpan.FromMinutes(10);
            a.HeartbeatTimeout = TimeSpan.FromMinutes(2);
            a.Retry.MaximumAttempts = 1;
        });

        Initially(When(SendParcel)
            .Then(x => (x.Saga.Number, x.Saga.Announces) = (x.Message.Number, x.Message.Way == "announced"))
            .ExecuteActivity(Ship, x => new ShipArguments(x.Message.Number))
            .TransitionTo(Ship.Pending));

        During(Ship.Pending, When(Ship.Completed)
            .If(x => x.Saga.Announces, x => x.Publish(y => new ParcelShipped(y.Saga.Number, y.Message.Result.ParcelId)))
            .Complete(x => x.Message.Result));
    }

    public Event<SendParcel> SendParcel { get; private set; } = null!;

    public Activity<ShipArguments, Shipped> Ship { get; private set; } = null!;
}

/// <summary>Notes each run; what it does besides is the test's.</summary>
public sealed class ShipHandler(ShipRuns runs) : IActivityHandler<ShipArguments, Shipped>
{
    public async Task<ActivityOutcome<Shipped>> HandleAsync(ActivityExecutionContext<ShipArguments> context, CancellationToken cancellationToken)
    {
        runs.Add(context.Arguments.Number, context.Attempt);
        await runs.WorkAsync(cancellationToken);
        return new Shipped($"parcel of {context.Arguments.Number}");
    }
}
