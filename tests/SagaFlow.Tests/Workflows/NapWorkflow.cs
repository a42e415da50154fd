using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Does nothing for a moment.</summary>
public sealed class NapWorkflow : WorkflowStateMachine<NapInstance>
{
    public NapWorkflow()
    {
        StartedBy(() => NapWanted, x => x.BusinessKey(m => m.Who));
        Schedule(() => Alarm, x => x.AlarmToken, s => s.Delay = TimeSpan.FromMilliseconds(300));

        Initially(When(NapWanted).Schedule(Alarm, x => new AlarmRang(x.Message.Who)).TransitionTo(Asleep));

        During(Asleep, When(Alarm.Received).Complete(x => x.Message.Who));
    }

    public Event<NapWanted> NapWanted { get; private set; } = null!;

    public Schedule<NapInstance, AlarmRang> Alarm { get; private set; } = null!;

    public State Asleep { get; private set; } = null!;
}

public sealed class NapInstance : WorkflowInstance
{
    public Guid? AlarmToken { get; set; }
}

public sealed record NapWanted(string Who);

public sealed record AlarmRang(string Who);
