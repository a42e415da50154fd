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

public sealed record AddNote(string Number, string Text);

public sealed record Policy(string Id);

/// <summary>One activity on the task queue <c>ship</c>; then it ends, and where it is wanted it publishes an event of its own.</summary>
/// <remarks>The way is the test's: <c>watched</c> parcels must heartbeat, <c>hurried</c> ones must be taken at once, <c>silent</c> ones have no
/// heartbeat timeout, <c>brief</c> ones little time for everything, <c>insured</c> ones have a second activity that is still open at the end.</remarks>
public sealed class ParcelWorkflow : WorkflowStateMachine<ParcelInstance>
{
    /// <summary>How long all of it may take for a parcel whose way is <c>brief</c>.</summary>
    public static readonly TimeSpan Brief = TimeSpan.FromSeconds(12);

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

        Activity(() => Insure, a =>
        {
            a.TaskQueue = "insure";
            a.ScheduleToCloseTimeout = TimeSpan.FromMinutes(10);
        });
        SignaledBy(() => AddNote, x => x.BusinessKey(m => m.Number));

        Initially(When(SendParcel)
            .Then(x => (x.Saga.Number, x.Saga.Announces) = (x.Message.Number, x.Message.Way == "announced"))
            .If(x => x.Message.Way == "insured", x => x.ExecuteActivity(Insure, y => new ShipArguments(y.Message.Number)))
            .ExecuteActivity(Ship, x => new ShipArguments(x.Message.Number), (x, options) => Prepare(options, x.Message.Way))
            .TransitionTo(Ship.Pending));

        During(Ship.Pending, When(Ship.Completed)
            .If(x => x.Saga.Announces, x => x.Publish(y => new ParcelShipped(y.Saga.Number, y.Message.Result.ParcelId)))
            .Complete(x => x.Message.Result));
        During(Noted, Ignore(AddNote));
    }

    private static void Prepare(ActivityOptions options, string way)
    {
        options.HeartbeatTimeout = way switch { "watched" => TimeSpan.FromMilliseconds(900), "silent" => null, _ => options.HeartbeatTimeout };
        options.ScheduleToStartTimeout = way is "hurried" ? TimeSpan.FromMilliseconds(300) : null;
        options.Retry.MaximumAttempts = way is "watched" ? 2 : 1;
        if (way is "brief")
        {
            (options.StartToCloseTimeout, options.ScheduleToCloseTimeout, options.HeartbeatTimeout) = (null, Brief, null);
        }
    }

    public Event<SendParcel> SendParcel { get; private set; } = null!;

    public Event<AddNote> AddNote { get; private set; } = null!;

    public Activity<ShipArguments, Shipped> Ship { get; private set; } = null!;

    public Activity<ShipArguments, Policy> Insure { get; private set; } = null!;

    /// <summary>No parcel comes here: a note that waits for it is kept.</summary>
    public State Noted { get; private set; } = null!;
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
