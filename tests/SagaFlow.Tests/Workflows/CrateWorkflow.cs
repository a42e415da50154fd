using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>A crate that is weighed and labeled while it is packed; both are kept until it is handed over.</summary>
public class CrateWorkflow : WorkflowStateMachine<CrateInstance>
{
    public CrateWorkflow()
    {
        StartedBy(() => Posted, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Weighed, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Labeled, x => x.BusinessKey(m => m.Number));
        Activity(() => Pack, a => a.ScheduleToCloseTimeout = TimeSpan.FromDays(1));

        Initially(When(Posted).ExecuteActivity(Pack, x => x.Message.Number).TransitionTo(Pack.Pending));
        During(Pack.Pending, When(Pack.Completed).TransitionTo(Packed));
        During(Packed,
            When(Weighed).Then(x => x.Saga.Notes.Add($"{x.Message.Grams} g")),
            When(Labeled).Then(x => x.Saga.Notes.Add(x.Message.Text)));
    }

    public Event<CratePosted> Posted { get; private set; } = null!;

    public Event<CrateWeighed> Weighed { get; private set; } = null!;

    public Event<CrateLabeled> Labeled { get; private set; } = null!;

    public Activity<string, string> Pack { get; private set; } = null!;

    public State Packed { get; private set; } = null!;
}

/// <summary>The same workflow in a later release: a weight has a unit, and labels are gone.</summary>
public sealed class CrateWorkflowOfLater : WorkflowStateMachine<CrateInstance>
{
    public CrateWorkflowOfLater()
    {
        StartedBy(() => Posted, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Weighed, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Sealed, x => x.BusinessKey(m => m.Number));
        Activity(() => Pack, a => a.ScheduleToCloseTimeout = TimeSpan.FromDays(1));
        Schedule(() => Reminder, x => x.ReminderId, x => x.Delay = TimeSpan.FromHours(1));

        Initially(When(Posted).ExecuteActivity(Pack, x => x.Message.Number).TransitionTo(Pack.Pending));
        During(Pack.Pending, When(Pack.Completed).TransitionTo(Packed));
        During(Packed,
            When(Weighed).Then(x => x.Saga.Notes.Add($"{x.Message.Grams.Value} {x.Message.Grams.Unit}")),
            When(Sealed).Then(x => x.Saga.Notes.Add("sealed")),
            When(Reminder.Received).Complete(x => x.Message.Days));
    }

    public Event<CratePosted> Posted { get; private set; } = null!;

    public Event<UnitCrateWeighed> Weighed { get; private set; } = null!;

    public Event<CrateSealed> Sealed { get; private set; } = null!;

    public Activity<string, string> Pack { get; private set; } = null!;

    public Schedule<CrateInstance, CrateReminded> Reminder { get; private set; } = null!;

    public State Packed { get; private set; } = null!;
}

public sealed class CrateInstance : WorkflowInstance
{
    public List<string> Notes { get; set; } = [];

    public Guid? ReminderId { get; set; }
}

public sealed record CratePosted(string Number);

public sealed record CrateWeighed(string Number, int Grams);

public sealed record UnitCrateWeighed(string Number, Weight Grams);

public sealed record Weight(double Value, string Unit);

public sealed record CrateLabeled(string Number, string Text);

public sealed record CrateSealed(string Number);

public sealed record CrateReminded(int Days);
