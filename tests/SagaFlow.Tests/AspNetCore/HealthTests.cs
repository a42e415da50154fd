using Microsoft.Extensions.Diagnostics.HealthChecks;
using SagaFlow.Diagnostics;
using SagaFlow.Dispatch;
using SagaFlow.Storage;
using SagaFlow.Timeouts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>What the engine's health check says, and what it keeps to itself.</summary>
[Collection(CallbackCollection.Name)]
public sealed class HealthTests(CallbackHost host)
{
    [Fact]
    public async Task A_working_engine_is_healthy()
    {
        await host.AdvanceAsync(TimeSpan.Zero);

        var report = await host.Get<HealthCheckService>().CheckHealthAsync(x => x.Name == "sagaflow");

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(["outboxOldestSeconds", "secondsSinceDeadlinesWereSwept", "unattendedTaskQueues"], report.Entries["sagaflow"].Data.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Req", "REL-I20")]
    public async Task Without_its_database_the_engine_is_unhealthy_and_does_not_say_where_that_is()
    {
        var result = await CheckAsync(new AwayClock());

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Null(result.Exception);
        Assert.DoesNotContain("canary", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P15")]
    public async Task Messages_that_do_not_leave_for_a_minute_degrade_the_engine_and_not_a_tick_earlier()
    {
        var outbox = new StuckOutbox(host.Clock.GetUtcNow().AddMinutes(-1));
        await host.AdvanceAsync(TimeSpan.Zero);

        var atOnce = await CheckAsync(host.Get<IStoreClock>(), outbox);
        await host.AdvanceAsync(TimeSpan.FromTicks(1));
        var later = await CheckAsync(host.Get<IStoreClock>(), outbox);

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded), (atOnce.Status, later.Status));
    }

    private Task<HealthCheckResult> CheckAsync(IStoreClock clock, IOutbox? outbox = null) =>
        new EngineHealth(clock, outbox ?? host.Get<IOutbox>(), host.Get<DueSweep>(), host.Get<UnattendedQueues>(), host.Clock)
            .CheckHealthAsync(new HealthCheckContext());

    private sealed class AwayClock : IStoreClock
    {
        public TimeSpan Ahead => TimeSpan.Zero;

        public Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("Host=db;Password=canary");
    }

    private sealed class StuckOutbox(DateTimeOffset since) : IOutbox
    {
        private readonly OutgoingMessage _waiting = new(Guid.Empty, Guid.Empty, OutgoingKind.ActivityRequest, "q", "application/json", "{}", new byte[1], since);

        public Task<IReadOnlyList<OutgoingMessage>> ReadUnconfirmedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<OutgoingMessage>>([_waiting]);

        public Task<IReadOnlyList<OutgoingMessage>> ClaimUnconfirmedAsync(
            DateTimeOffset now, DateTimeOffset before, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
