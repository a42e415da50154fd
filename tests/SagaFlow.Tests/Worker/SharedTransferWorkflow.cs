using MassTransit;

namespace SagaFlow.Tests.Worker;

/// <summary>A transfer whose attempts share one token.</summary>
public sealed class SharedTransferWorkflow : WorkflowStateMachine<TransferInstance>
{
    public SharedTransferWorkflow()
    {
        StartedBy(() => Wanted, x => x.BusinessKey(m => m.Number));
        Activity(() => TransmitOrder, a =>
        {
            a.TaskQueue = "edi";
            a.StartToCloseTimeout = TimeSpan.FromMinutes(5);
            a.TokenScope = TokenScope.Activity;
        });

        Initially(When(Wanted)
            .ExecuteActivity(TransmitOrder, x => new TransmitOrder(x.Message.Number))
            .TransitionTo(TransmitOrder.Pending));
        During(TransmitOrder.Pending, When(TransmitOrder.Completed).Complete(x => x.Message.Result));
    }

    public Event<TransferWanted> Wanted { get; private set; } = null!;

    public Activity<TransmitOrder, TransmitReceipt> TransmitOrder { get; private set; } = null!;
}
