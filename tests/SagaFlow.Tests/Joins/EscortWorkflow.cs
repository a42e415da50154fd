using MassTransit;

namespace SagaFlow.Tests.Joins;

/// <summary>Waits for a driver, and once it is urgent for a pilot as well: whoever comes first is enough.</summary>
public sealed class EscortWorkflow : WorkflowStateMachine<EscortInstance>
{
    public EscortWorkflow()
    {
        StartedBy(() => EscortWanted, x =>
        {
            x.BusinessKey(m => m.Guest);
            x.Retry(retry =>
            {
                retry.MaximumAttempts = 2;
                retry.InitialInterval = TimeSpan.FromMinutes(1);
            });
        });
        SignaledBy(() => EscortUrgent, x => x.BusinessKey(m => m.Guest));
        SignaledBy(() => EscortLost, x => x.BusinessKey(m => m.Guest));
        Activity(() => Drive, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Activity(() => Fly, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(EscortWanted).ExecuteActivity(Drive, x => x.Message.Guest).TransitionTo(Expecting));
        During(Expecting,
            When(EscortUrgent).ExecuteActivity(Fly, x => x.Message.Guest),
            When(EscortLost).Fail(_ => "lost"),
            WhenAny(Drive, Fly).Complete(_ => "met"));
    }

    public Event<EscortWanted> EscortWanted { get; private set; } = null!;

    public Event<EscortUrgent> EscortUrgent { get; private set; } = null!;

    public Event<EscortLost> EscortLost { get; private set; } = null!;

    public Activity<string, string> Drive { get; private set; } = null!;

    public Activity<string, string> Fly { get; private set; } = null!;

    public State Expecting { get; private set; } = null!;
}

public sealed class EscortInstance : WorkflowInstance;

public sealed record EscortWanted(string Guest);

public sealed record EscortUrgent(string Guest);

public sealed record EscortLost(string Guest);
