using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Has a site surveyed by somebody in the field; asks for a report with each sign of life, and can recall the survey.</summary>
public sealed class SurveyWorkflow : WorkflowStateMachine<SurveyInstance>
{
    public SurveyWorkflow()
    {
        StartedBy(() => SurveyAsked, x =>
        {
            x.BusinessKey(m => m.Site);
            x.Timeout(m => m.LimitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        });
        Event(() => SurveyRecalled, x => x.CorrelateById(m => m.Message.WorkflowId));
        Event(() => SurveyRepeated, x => x.CorrelateById(m => m.Message.WorkflowId));
        Activity(() => Survey, a =>
        {
            a.TaskQueue = "field";
            a.ScheduleToCloseTimeout = TimeSpan.FromHours(5);
            a.HeartbeatTimeout = TimeSpan.FromMinutes(1);
            a.HeartbeatToken = true;
        });
        Activity(() => Report, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(9));

        Initially(When(SurveyAsked)
            .ExecuteActivity(Survey, x => x.Message.Site, (x, options) =>
            {
                options.HeartbeatTimeout = x.Message.Heartbeat(options);
                options.HeartbeatToken = options.HeartbeatTimeout is not null;
            })
            .TransitionTo(Survey.Pending));

        #region cancel
        During(Survey.Pending,
            When(Survey.Heartbeat)
                .Then(x => x.Saga.Progress.Add(x.Message.Checkpoint<int>()))
                .ExecuteActivity(Report, x => x.Message.Checkpoint<int>()),
            When(SurveyRecalled).Recall(this).TransitionTo(Recalled),
            When(SurveyRepeated).CancelActivity(Survey).ExecuteActivity(Survey, _ => "again"),
            When(Survey.Canceled).Then(x => x.Saga.Canceled.Add(x.Message.ActivityId)),
            When(Survey.Completed).Complete(x => x.Message.Result),
            Ignore(Report.Completed));
        #endregion

        During(Recalled,
            When(Survey.Completed).Complete(x => x.Message.Result),
            When(Survey.Canceled).Complete(_ => "recalled"),
            When(Report.Canceled).Then(x => x.Saga.Canceled.Add(x.Message.ActivityId)));
    }

    public Event<SurveyAsked> SurveyAsked { get; private set; } = null!;

    public Event<SurveyRecalled> SurveyRecalled { get; private set; } = null!;

    public Event<SurveyRepeated> SurveyRepeated { get; private set; } = null!;

    public Activity<string, string> Survey { get; private set; } = null!;

    public Activity<int, string> Report { get; private set; } = null!;

    public State Recalled { get; private set; } = null!;
}

public sealed class SurveyInstance : WorkflowInstance
{
    public List<int> Progress { get; set; } = [];

    public List<string> Canceled { get; set; } = [];
}

internal static class SurveyVerbs
{
    public static EventActivityBinder<SurveyInstance, SurveyRecalled> Recall(
        this EventActivityBinder<SurveyInstance, SurveyRecalled> binder, SurveyWorkflow workflow) =>
        binder
            .If(x => x.Message.How == "try", x => x.CancelActivity(workflow.Survey))
            .If(x => x.Message.How == "wait", x => x.CancelActivity(workflow.Survey, CancellationMode.Wait, "it rains"))
            .If(x => x.Message.How == "abandon", x => x.CancelActivity(workflow.Survey, CancellationMode.Abandon))
            .If(x => x.Message.How == "report", x => x.CancelActivity(workflow.Report))
            .If(x => x.Message.ActivityId is not null, x => x.CancelActivity(y => y.Message.ActivityId!));
}

public sealed record SurveyAsked(string Site)
{
    public bool NoHeartbeat { get; init; }

    public double? LimitSeconds { get; init; }

    public TimeSpan? Heartbeat(ActivityOptions options) => NoHeartbeat ? null : options.HeartbeatTimeout;
}

public sealed record SurveyRecalled(Guid WorkflowId, string How, string? ActivityId = null);

public sealed record SurveyRepeated(Guid WorkflowId);
