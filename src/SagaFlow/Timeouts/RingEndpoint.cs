using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Faults;
using SagaFlow.Diagnostics;
using SagaFlow.Ingress;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow.Timeouts;

/// <summary>Takes rings from the timers' queue. One that this deployment did not sign is put aside: a forged ring would time out work.</summary>
internal sealed class RingEndpoint(
    WorkflowEngine engine,
    WorkflowEnding ending,
    TimerRings timers,
    InternalMac mac,
    Quarantine quarantine,
    BusNames names,
    ILogger<RingEndpoint> logger)
{
    public async Task HandleAsync(RawMessage message, CancellationToken cancellationToken)
    {
        FaultPoints.Pass(FaultPoint.Rung);
        var isGenuine = mac.Verifies(message);
        if (isGenuine && WorkflowRing.Read(message.Body.Span) is { } own)
        {
            await RingAsync(own, cancellationToken);
        }
        else if (isGenuine && Ring.Read(message.Body.Span) is { } ring)
        {
            await TryRingAsync(ring, cancellationToken);
        }
        else
        {
            await quarantine.AddAsync(names.Timers, message, "forged: an internal message without a valid signature", cancellationToken);
        }
    }

    // A workflow that only another engine can read keeps its deadline, which rings again soon: held as well, its rings would pile up.
    private async Task TryRingAsync(Ring ring, CancellationToken cancellationToken)
    {
        try
        {
            await RingAsync(ring, cancellationToken);
        }
        catch (WorkflowVersionException exception)
        {
            logger.RingLeftToAnother(ring.WorkflowId, exception.StoredVersion);
        }
    }

    private async Task RingAsync(WorkflowRing ring, CancellationToken cancellationToken)
    {
        var receipt = await ending.TimeOutAsync(ring.WorkflowId, ring.WorkflowDeadlineAt, cancellationToken);
        logger.WorkflowDeadlineRang(ring.WorkflowId, receipt.Disposition);
    }

    private async Task RingAsync(Ring ring, CancellationToken cancellationToken)
    {
        if (ring.Timer is { } timerId)
        {
            var raised = await timers.RingAsync(ring.WorkflowId, timerId, ring.Version, cancellationToken);
            logger.TimerRang(timerId, ring.WorkflowId, raised.Disposition);
            return;
        }

        var receipt = await engine.ApplyAsync(
            ring.WorkflowId, ring.ActivityId, new ActivityEvent.Ring(ring.Attempt, ring.Kind, ring.Version), cancellationToken);
        logger.DeadlineRang(ring.Kind, ring.WorkflowId, ring.ActivityId, ring.Attempt, receipt.Disposition);
    }
}
