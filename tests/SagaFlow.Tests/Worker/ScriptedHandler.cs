using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed record TransmitOrder(string OrderNumber);

public sealed record TransmitReceipt(string ControlNumber);

/// <summary>What the scripted handler does: the test's own code.</summary>
public sealed class Script
{
    public Func<ActivityExecutionContext<TransmitOrder>, CancellationToken, Task<ActivityOutcome<TransmitReceipt>>> Run { get; set; } =
        (_, _) => Task.FromResult<ActivityOutcome<TransmitReceipt>>(new TransmitReceipt("000123"));

    public int Calls { get; set; }
}

public sealed class TransmitOrderHandler(Script script) : IActivityHandler<TransmitOrder, TransmitReceipt>
{
    public Task<ActivityOutcome<TransmitReceipt>> HandleAsync(
        ActivityExecutionContext<TransmitOrder> context, CancellationToken cancellationToken)
    {
        script.Calls++;
        return script.Run(context, cancellationToken);
    }
}
