using Microsoft.Extensions.Diagnostics.HealthChecks;
using SagaFlow.Dispatch;
using SagaFlow.Storage;
using SagaFlow.Timeouts;

namespace SagaFlow.Diagnostics;

/// <summary>Whether the engine can do its work: the health check <c>sagaflow</c>. It tells neither addresses nor errors, which may hold secrets.</summary>
internal sealed class EngineHealth(
    IStoreClock storeClock, IOutbox outbox, DueSweep sweep, UnattendedQueues queues, TimeProvider clock, IStoreHealth? store = null) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            var now = await storeClock.ReadAsync(either.Token).WaitAsync(either.Token);
            var oldest = await outbox.ReadUnconfirmedAsync(now, 1, either.Token).WaitAsync(either.Token);
            return store is { TakesNoChanges: true }
                ? HealthCheckResult.Unhealthy("The database takes no changes: nothing is taken until it does")
                : Judge(oldest.Count == 0 ? TimeSpan.Zero : now - oldest[0].CreatedAt);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The database does not answer: nothing is taken until it does");
        }
    }

    private HealthCheckResult Judge(TimeSpan oldest)
    {
        var data = new Dictionary<string, object>
        {
            ["outboxOldestSeconds"] = Math.Round(oldest.TotalSeconds, 1),
            ["unattendedTaskQueues"] = queues.Unattended,
            ["secondsSinceDeadlinesWereSwept"] = Math.Round(sweep.SinceLastClaim.TotalSeconds, 1),
        };
        var problem = (oldest > LongestWait, sweep.Stands || sweep.SinceLastClaim > LongestWait, queues.Unattended > 0) switch
        {
            (true, _, _) => "Messages do not leave: see the broker",
            (_, true, _) => "Deadlines are not looked for: the alarm clock stands",
            (_, _, true) => "A task queue has no worker while attempts wait on it",
            _ => null,
        };
        return problem is null ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Degraded(problem, data: data);
    }
}
