using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Tries to schedule a message that it never declared as a timer.</summary>
public sealed class StrayTimerWorkflow : WorkflowStateMachine<StrayTimerInstance>
{
    public StrayTimerWorkflow()
    {
        StartedBy(() => BillSent, x => x.BusinessKey(m => m.Number));

        Initially(When(BillSent)
            .ThenAsync(x => x.ScheduleSend(x.Now().UtcDateTime.AddDays(1), new BillPaid(x.Message.Number)))
            .TransitionTo(Waiting));
    }

    public Event<BillSent> BillSent { get; private set; } = null!;

    public State Waiting { get; private set; } = null!;
}

public sealed class StrayTimerInstance : WorkflowInstance;
