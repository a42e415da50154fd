using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Delivers a letter. While the courier is on the way a position is tracked; a courier that nobody takes up is replaced
/// by one on another queue.</summary>
public sealed class CourierWorkflow : WorkflowStateMachine<CourierInstance>
{
    public CourierWorkflow()
    {
        StartedBy(() => LetterPosted, x => x.BusinessKey(m => m.Number));
        Activity(() => Deliver, a =>
        {
            a.TaskQueue = "couriers";
            a.ScheduleToStartTimeout = TimeSpan.FromMinutes(5);
            a.ScheduleToCloseTimeout = TimeSpan.FromHours(8);
            a.Retry.InitialInterval = TimeSpan.FromMinutes(1);
        });
        Activity(() => Track, a =>
        {
            a.ScheduleToCloseTimeout = TimeSpan.FromDays(1);
            a.EndsWith(Deliver);
        });

        Initially(When(LetterPosted)
            .ExecuteActivity(Track, x => x.Message.Number)
            .ExecuteActivity(Deliver, x => x.Message.Number, (x, options) => x.Message.Change(options))
            .TransitionTo(Delivering));

        During(Delivering,
            When(Deliver.Completed).Then(x => x.Saga.Receipt = x.Message.Result).TransitionTo(Delivered),
#region reroute
            When(Deliver.TimedOut, x => x.Message.TimeoutType == TimeoutType.ScheduleToStart)
                .Then(x => x.Saga.Rerouted++)
                .ExecuteActivity(Deliver, x => "again", (_, options) => options.TaskQueue = "backup-couriers")
                .ExecuteActivity(Track, x => "again"),
#endregion
            When(Deliver.TimedOut, x => x.Message.TimeoutType != TimeoutType.ScheduleToStart).Fail(_ => "Nobody delivered it"),
            Ignore(Track.Completed),
            Ignore(Track.Canceled));

        During(Delivered,
            When(Track.Canceled).Complete(x => x.Saga.Receipt),
            When(Track.Completed).Complete(x => x.Saga.Receipt));
    }

    public Event<LetterPosted> LetterPosted { get; private set; } = null!;

    public Activity<string, string> Deliver { get; private set; } = null!;

    public Activity<string, string> Track { get; private set; } = null!;

    public State Delivering { get; private set; } = null!;

    public State Delivered { get; private set; } = null!;
}

public sealed class CourierInstance : WorkflowInstance
{
    public int Rerouted { get; set; }

    public string? Receipt { get; set; }
}

public sealed record LetterPosted(string Number)
{
    public DateTimeOffset? DeliverBy { get; init; }

    public bool ActivityScope { get; init; }

    public LateAttemptPolicy LateAttempts { get; init; }

    public double? StartToCloseSeconds { get; init; }

    public void Change(ActivityOptions options)
    {
        options.ScheduleToCloseAt = DeliverBy;
        options.TokenScope = ActivityScope ? TokenScope.Activity : TokenScope.Attempt;
        options.LateAttempts = LateAttempts;
        options.StartToCloseTimeout = StartToCloseSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
