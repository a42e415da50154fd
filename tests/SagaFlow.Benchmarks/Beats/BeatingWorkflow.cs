using MassTransit;

namespace SagaFlow.Benchmarks.Beats;

/// <summary>Waits for somebody who works for long and says each second that he is alive.</summary>
internal sealed class BeatingWorkflow : WorkflowStateMachine<BeatingInstance>
{
    public BeatingWorkflow()
    {
        StartedBy(() => Wanted, x => x.BusinessKey(m => m.Key));
        Activity(() => Work, a =>
        {
            a.TaskQueue = TaskQueue;
            a.HeartbeatTimeout = TimeSpan.FromSeconds(5);
            a.ScheduleToCloseTimeout = TimeSpan.FromHours(1);
            a.Retry.MaximumAttempts = 1;
        });

        Initially(When(Wanted).ExecuteActivity(Work, x => x.Message.Key).TransitionTo(Work.Pending));
        During(Work.Pending, When(Work.Completed).Complete(x => x.Message.Result));
    }

    public const string TaskQueue = "beats";

    public Event<BeatingWanted> Wanted { get; private set; } = null!;

    public Activity<string, string> Work { get; private set; } = null!;
}

internal sealed class BeatingInstance : WorkflowInstance;

/// <summary>Starts a <see cref="BeatingWorkflow"/>.</summary>
public sealed record BeatingWanted(string Key);
