using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Sends a bill and reminds of it three times, unless it is paid before.</summary>
public sealed class BillWorkflow : WorkflowStateMachine<BillInstance>
{
    public BillWorkflow()
    {
        StartedBy(() => BillSent, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => BillPaid, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => BillDisputed, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => DisputeSettled, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => DelayGranted, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => BillArchived, x => x.BusinessKey(m => m.Number));
        Schedule(() => Reminder, x => x.ReminderToken, s => s.DelayProvider = x => TimeSpan.FromDays(x.Saga.DaysToPay));

        Initially(When(BillSent)
            .Then(x => x.Saga.DaysToPay = x.Message.DaysToPay)
            .Schedule(Reminder, x => new ReminderDue(x.Message.Number))
            .TransitionTo(Open));

        During(Open,
            When(Reminder.Received).RemindUpToThreeTimes(this),
            When(DelayGranted).Schedule(Reminder, x => new ReminderDue(x.Message.Number), x => x.Now().UtcDateTime.AddDays(x.Message.Days)),
            When(BillDisputed).TransitionTo(Disputed),
            When(BillPaid).Unschedule(Reminder).TransitionTo(Paid));

        During(Disputed,
            When(DisputeSettled).TransitionTo(Open),
            When(BillPaid).Unschedule(Reminder).TransitionTo(Paid));

        During(Paid, When(BillArchived).Complete(x => x.Saga.Reminders));
        During(Open, When(BillArchived).Complete(x => x.Saga.Reminders));
    }

    public Event<BillSent> BillSent { get; private set; } = null!;

    public Event<BillPaid> BillPaid { get; private set; } = null!;

    public Event<BillDisputed> BillDisputed { get; private set; } = null!;

    public Event<DisputeSettled> DisputeSettled { get; private set; } = null!;

    public Event<DelayGranted> DelayGranted { get; private set; } = null!;

    public Event<BillArchived> BillArchived { get; private set; } = null!;

    public Schedule<BillInstance, ReminderDue> Reminder { get; private set; } = null!;

    public State Open { get; private set; } = null!;

    public State Disputed { get; private set; } = null!;

    public State Paid { get; private set; } = null!;
}

internal static class BillWorkflowVerbs
{
    public static EventActivityBinder<BillInstance, ReminderDue> RemindUpToThreeTimes(
        this EventActivityBinder<BillInstance, ReminderDue> binder, BillWorkflow bill) => binder
        .Then(x => x.Saga.Reminders.Add(x.Now()))
        .If(x => x.Saga.Reminders.Count < 3, again => again.Schedule(bill.Reminder, x => x.Message));
}

public sealed class BillInstance : WorkflowInstance
{
    public double DaysToPay { get; set; }

    public Guid? ReminderToken { get; set; }

    public List<DateTimeOffset> Reminders { get; set; } = [];
}

public sealed record BillSent(string Number, double DaysToPay);

public sealed record BillPaid(string Number);

public sealed record BillDisputed(string Number);

public sealed record DisputeSettled(string Number);

public sealed record DelayGranted(string Number, double Days);

public sealed record BillArchived(string Number);

public sealed record ReminderDue(string Number);
