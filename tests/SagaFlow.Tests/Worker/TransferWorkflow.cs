using MassTransit;

namespace SagaFlow.Tests.Worker;

/// <summary>A workflow of one activity, whose handler is the scripted one.</summary>
public sealed class TransferWorkflow : WorkflowStateMachine<TransferInstance>
{
    public TransferWorkflow()
    {
        StartedBy(() => Wanted, x => x.BusinessKey(m => m.Number));
        Activity(() => TransmitOrder, a =>
        {
            a.TaskQueue = "edi";
            a.StartToCloseTimeout = TimeSpan.FromMinutes(5);
        });

        Initially(When(Wanted)
            .ExecuteActivity(TransmitOrder, x => new TransmitOrder(x.Message.Number))
            .TransitionTo(TransmitOrder.Pending));
        During(TransmitOrder.Pending, When(TransmitOrder.Completed).Complete(x => x.Message.Result));
    }

    public Event<TransferWanted> Wanted { get; private set; } = null!;

    public Activity<TransmitOrder, TransmitReceipt> TransmitOrder { get; private set; } = null!;
}

public sealed class TransferInstance : WorkflowInstance;

public sealed record TransferWanted(string Number);
