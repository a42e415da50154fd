using MassTransit;

namespace SagaFlow.Tests.Workflows.Matrix;

/// <summary>Has everything a workflow can have, and begins in the state that its start names: what each state makes of each event is
/// the matrix. Every activity is open and the timer is set in every state.</summary>
public sealed class ParcelWorkflow : WorkflowStateMachine<ParcelInstance>
{
    public ParcelWorkflow()
    {
        StartedBy(() => Sent, x =>
        {
            x.BusinessKey(m => m.Number);
            x.Timeout(m => m.Limit("workflow"));
        });
        SignaledBy(() => Note, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Recount, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Finish, x => x.BusinessKey(m => m.Number));
        Schedule(() => Reminder, x => x.ReminderToken, s => s.DelayProvider = x => x.Saga.Reminds);
        Activity(() => Weigh);
        Activity(() => Pack);
        Activity(() => Label);
        Activity(() => Insure);
        Activity(() => Items);

        Initially(
            When(Sent, x => x.Message.State == "Weigh.Pending").Begin(this).TransitionTo(Weigh.Pending),
            When(Sent, x => x.Message.State == "Packing").Begin(this).TransitionTo(Packing),
            When(Sent, x => x.Message.State == "Joining").Begin(this).TransitionTo(Joining),
            When(Sent, x => x.Message.State == "Counting").Begin(this).TransitionTo(Counting));

        During(Weigh.Pending,
            When(Weigh.Completed).See("Weigh.Completed"),
            When(Weigh.Failed).See("Weigh.Failed"));

        During(Packing,
            When(Pack.Completed).See("Pack.Completed"),
            When(Pack.Failed).See("Pack.Failed"),
            When(Pack.TimedOut).See("Pack.TimedOut"),
            When(Pack.Canceled).See("Pack.Canceled"),
            When(Pack.Heartbeat).See("Pack.Heartbeat"),
            When(Note).See("Note"),
            When(Reminder.Received).See("Reminder"),
            Ignore(Recount),
            Ignore(Weigh.Completed));

        During(Joining,
            WhenAll(Label, Insure).See("WhenAll"),
            When(Label.Failed).See("Label.Failed"));

        During(Counting, When(Items.Joined).See("Items.Joined"));

        During(Weigh.Pending, Packing, Joining, Counting, When(Finish).Complete(_ => "finished"));
    }

    public Event<ParcelSent> Sent { get; private set; } = null!;

    public Event<ParcelNote> Note { get; private set; } = null!;

    public Event<ParcelRecount> Recount { get; private set; } = null!;

    public Event<ParcelFinish> Finish { get; private set; } = null!;

    public Schedule<ParcelInstance, ParcelReminder> Reminder { get; private set; } = null!;

    public Activity<string, int> Weigh { get; private set; } = null!;

    public Activity<string, int> Pack { get; private set; } = null!;

    public Activity<string, int> Label { get; private set; } = null!;

    public Activity<string, int> Insure { get; private set; } = null!;

    public Activity<string, int> Items { get; private set; } = null!;

    public State Packing { get; private set; } = null!;

    public State Joining { get; private set; } = null!;

    public State Counting { get; private set; } = null!;
}

internal static class ParcelWorkflowVerbs
{
    /// <summary>Asks for everything, so that anything can happen in any state.</summary>
    public static EventActivityBinder<ParcelInstance, ParcelSent> Begin(
        this EventActivityBinder<ParcelInstance, ParcelSent> binder, ParcelWorkflow parcel) => binder
        .Then(x => x.Saga.Reminds = x.Message.Limit("Reminder") ?? TimeSpan.FromDays(9))
        .Schedule(parcel.Reminder, x => new ParcelReminder(x.Message.Number))
        .ExecuteActivity(parcel.Weigh, x => "", (x, options) => x.Message.Limit("Weigh", options))
        .ExecuteActivity(parcel.Pack, x => "", (x, options) => x.Message.Limit("Pack", options))
        .ExecuteActivity(parcel.Label, x => "", (x, options) => x.Message.Limit("Label", options))
        .ExecuteActivity(parcel.Insure, x => "", (x, options) => x.Message.Limit("Insure", options))
        .ExecuteEach(parcel.Items, x => [""], (x, options) => x.Message.Limit("Items", options));

    public static EventActivityBinder<ParcelInstance, TMessage> See<TMessage>(this EventActivityBinder<ParcelInstance, TMessage> binder, string name)
        where TMessage : class =>
        binder.Then(x => x.Saga.Seen.Add(name));
}

public sealed class ParcelInstance : WorkflowInstance
{
    public IList<string> Seen { get; init; } = [];

    public TimeSpan Reminds { get; set; }

    public Guid? ReminderToken { get; set; }
}

/// <param name="Number">The business key.</param>
/// <param name="State">The state in which the workflow begins.</param>
/// <param name="Soon">What passes ten seconds after the start; everything else has days.</param>
public sealed record ParcelSent(string Number, string State, string Soon)
{
    public TimeSpan? Limit(string what) => Soon == what ? TimeSpan.FromSeconds(10) : null;

    public void Limit(string activity, ActivityOptions options)
    {
        options.ScheduleToCloseTimeout = Limit(activity) ?? TimeSpan.FromDays(8);
        options.HeartbeatTimeout = TimeSpan.FromDays(7);
    }
}

public sealed record ParcelNote(string Number);

public sealed record ParcelRecount(string Number);

public sealed record ParcelFinish(string Number);

public sealed record ParcelReminder(string Number);
