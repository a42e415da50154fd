using MassTransit;

namespace SagaFlow.Benchmarks.Timers;

/// <summary>Waits for somebody who never answers, until an instant that its starter names.</summary>
internal sealed class TimedWorkflow : WorkflowStateMachine<TimedInstance>
{
    public TimedWorkflow()
    {
        StartedBy(() => Wanted, x => x.BusinessKey(m => m.Key));
        Activity(() => Wait, a =>
        {
            a.TaskQueue = TaskQueue;
            a.ScheduleToCloseTimeout = TimeSpan.FromHours(1);
        });

        Initially(When(Wanted)
            .ExecuteActivity(Wait, x => x.Message.Key, (x, options) => options.ScheduleToCloseAt = x.Message.DueAt)
            .TransitionTo(Wait.Pending));
        During(Wait.Pending, When(Wait.TimedOut).Complete(x => "late"));
    }

    /// <summary>Nobody takes requests from it.</summary>
    public const string TaskQueue = "nobody";

    public Event<TimedWanted> Wanted { get; private set; } = null!;

    public Activity<string, string> Wait { get; private set; } = null!;
}

internal sealed class TimedInstance : WorkflowInstance;

/// <summary>Starts a <see cref="TimedWorkflow"/>.</summary>
public sealed record TimedWanted(string Key, DateTimeOffset DueAt);
