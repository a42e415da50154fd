using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Ingress;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow.Timeouts;

/// <summary>Takes rings from the timers' queue. One that this deployment did not sign is put aside: a forged ring would time out work.</summary>
internal sealed class RingEndpoint(
    WorkflowEngine engine, TimerRings timers, InternalMac mac, Quarantine quarantine, BusNames names, ILogger<RingEndpoint> logger)
{
    public async Task HandleAsync(RawMessage message, CancellationToken cancellationToken)
    {
        if (!mac.Verifies(message) || Ring.Read(message.Body.Span) is not { } ring)
        {
            await quarantine.AddAsync(names.Timers, message, "forged: an internal message without a valid signature", cancellationToken);
            return;
        }

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
