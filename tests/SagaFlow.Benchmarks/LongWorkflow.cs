using MassTransit;
using SagaFlow.Worker;

namespace SagaFlow.Benchmarks;

/// <summary>Waits for one activity that never ends by itself.</summary>
internal sealed class LongWorkflow : WorkflowStateMachine<LongInstance>
{
    public LongWorkflow()
    {
        StartedBy(() => WorkWanted, x => x.BusinessKey(m => m.Key));
        Activity(() => Work, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(WorkWanted).ExecuteActivity(Work, x => x.Message.Key).TransitionTo(Work.Pending));
        During(Work.Pending, When(Work.Completed).Complete(x => x.Message.Result));
    }

    public Event<WorkWanted> WorkWanted { get; private set; } = null!;

    public Activity<string, string> Work { get; private set; } = null!;
}

internal sealed class LongInstance : WorkflowInstance;

/// <summary>Starts a <see cref="LongWorkflow"/>.</summary>
public sealed record WorkWanted(string Key);

/// <summary>Works until it is told to stop, and sends no heartbeat.</summary>
internal sealed class WorkHandler(Watch watch) : IActivityHandler<string, string>
{
    public async Task<ActivityOutcome<string>> HandleAsync(ActivityExecutionContext<string> context, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() => watch.Fired(context.WorkflowId));
        watch.Begin(context.WorkflowId);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return ActivityOutcome.Pending;
    }
}
