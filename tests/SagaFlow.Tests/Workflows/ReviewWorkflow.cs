using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Has a document reviewed by somebody outside, with the options that the start message gives to the call.</summary>
public sealed class ReviewWorkflow : WorkflowStateMachine<ReviewInstance>
{
    public ReviewWorkflow()
    {
        StartedBy(() => ReviewAsked, x => x.BusinessKey(m => m.Document));
        Event(() => NoteWritten, x => x.CorrelateById(m => m.Message.WorkflowId));
        Activity(() => Review, a =>
        {
            a.ScheduleToCloseTimeout = TimeSpan.FromHours(5);
            a.HeartbeatTimeout = TimeSpan.FromMinutes(30);
        });

        Initially(When(ReviewAsked)
            .ExecuteActivity(Review, x => new ReviewDocument(x.Message.Document), (x, options) => x.Message.Change(options))
            .TransitionTo(Review.Pending));

        During(Review.Pending,
            When(Review.Completed).Complete(x => x.Message.Result),
            When(Review.TimedOut)
                .Then(x => x.Saga.TimedOutBy = x.Message.TimeoutType)
                .TransitionTo(Escalated));

        During(Escalated,
            When(NoteWritten).Complete(x => new Verdict(x.Message.Text)));
    }

    public Event<ReviewAsked> ReviewAsked { get; private set; } = null!;

    public Event<NoteWritten> NoteWritten { get; private set; } = null!;

    public Activity<ReviewDocument, Verdict> Review { get; private set; } = null!;

    public State Escalated { get; private set; } = null!;
}

public sealed class ReviewInstance : WorkflowInstance
{
    public TimeoutType? TimedOutBy { get; set; }
}

public sealed record ReviewAsked(string Document)
{
    public double? ScheduleToCloseSeconds { get; init; }
    public bool NoScheduleToClose { get; init; }
    public DateTimeOffset? ScheduleToCloseAt { get; init; }
    public double? ScheduleToStartSeconds { get; init; }
    public double? StartToCloseSeconds { get; init; }
    public double? HeartbeatSeconds { get; init; }
    public bool NoHeartbeat { get; init; }
    public string? NoDeadlineBecause { get; init; }
    public int? MaximumAttempts { get; init; }
    public double? InitialIntervalSeconds { get; init; }
    public double? MaximumIntervalSeconds { get; init; }
    public double? BackoffCoefficient { get; init; }
    public bool ActivityScope { get; init; }

    public void Change(ActivityOptions options)
    {
        options.ScheduleToCloseTimeout = NoScheduleToClose ? null : Seconds(ScheduleToCloseSeconds) ?? options.ScheduleToCloseTimeout;
        options.ScheduleToCloseAt = ScheduleToCloseAt;
        options.ScheduleToStartTimeout = Seconds(ScheduleToStartSeconds) ?? options.ScheduleToStartTimeout;
        if (NoDeadlineBecause is not null)
        {
            (options.ScheduleToCloseTimeout, options.NoDeadlineBecause) = (null, NoDeadlineBecause);
        }

        options.StartToCloseTimeout = Seconds(StartToCloseSeconds) ?? options.StartToCloseTimeout;
        options.HeartbeatTimeout = NoHeartbeat ? null : Seconds(HeartbeatSeconds) ?? options.HeartbeatTimeout;
        options.Retry.MaximumAttempts = MaximumAttempts ?? options.Retry.MaximumAttempts;
        options.Retry.InitialInterval = Seconds(InitialIntervalSeconds) ?? options.Retry.InitialInterval;
        options.Retry.MaximumInterval = Seconds(MaximumIntervalSeconds) ?? options.Retry.MaximumInterval;
        options.Retry.BackoffCoefficient = BackoffCoefficient ?? options.Retry.BackoffCoefficient;
        options.TokenScope = ActivityScope ? TokenScope.Activity : options.TokenScope;
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}

public sealed record NoteWritten(Guid WorkflowId, string Text);

public sealed record ReviewDocument(string Document);

public sealed record Verdict(string Text);
