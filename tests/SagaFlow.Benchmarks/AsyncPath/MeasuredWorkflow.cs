using System.Text.Json;
using MassTransit;
using SagaFlow.Worker;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>Asks for one activity and ends with its result.</summary>
internal sealed class MeasuredWorkflow : WorkflowStateMachine<MeasuredInstance>
{
    public MeasuredWorkflow()
    {
        StartedBy(() => Wanted, x => x.BusinessKey(m => m.Key));
        Activity(() => Work, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(Wanted).ExecuteActivity(Work, x => new WorkArguments(x.Message.Key)).TransitionTo(Work.Pending));
        During(Work.Pending, When(Work.Completed).Complete(x => x.Message.Result));
    }

    public Event<MeasuredWanted> Wanted { get; private set; } = null!;

    public Activity<WorkArguments, WorkResult> Work { get; private set; } = null!;
}

internal sealed class MeasuredInstance : WorkflowInstance;

/// <summary>Starts a <see cref="MeasuredWorkflow"/>.</summary>
public sealed record MeasuredWanted(string Key);

/// <summary>What its activity takes.</summary>
public sealed record WorkArguments(string Key);

/// <summary>What its activity gives.</summary>
public sealed record WorkResult(bool Ok, int Value);
