using Microsoft.Extensions.Diagnostics.HealthChecks;
using SagaFlow.Diagnostics;
using SagaFlow.Dispatch;
using SagaFlow.Storage;
using SagaFlow.Tests.Dispatch;
using SagaFlow.Tests.Storage;
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

    [Fact]
    [Trait("Req", "P15")]
    public async Task The_database_and_not_a_machine_whose_clock_is_ahead_tells_how_long_a_message_waits()
    {
        await host.AdvanceAsync(TimeSpan.Zero);
        var behind = new OffsetClock(host.Clock, TimeSpan.FromMinutes(-5));
        var outbox = new StuckOutbox(await behind.ReadAsync(default) - TimeSpan.FromSeconds(10));

        var result = await CheckAsync(behind, outbox);

        Assert.Equal((HealthStatus.Healthy, 10.0), (result.Status, result.Data["outboxOldestSeconds"]));
    }

    [Theory]
    [Trait("Req", "REL-D6")]
    [InlineData(true, HealthStatus.Unhealthy)]
    [InlineData(false, HealthStatus.Healthy)]
    public async Task A_database_that_can_be_read_and_takes_no_changes_is_unhealthy(bool takesNone, HealthStatus expected)
    {
        await host.AdvanceAsync(TimeSpan.Zero);

        var result = await CheckAsync(host.Get<IStoreClock>(), store: new Meeting(takesNone));

        Assert.Equal(expected, result.Status);
        Assert.Equal(takesNone, result.Description?.StartsWith("The database takes no changes", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_sweep_that_fails_has_not_looked_for_deadlines()
    {
        var sweep = new DueSweep(host.Get<IAlarmStore>(), host.Get<IRinger>(), new AwayClock(), host.Clock);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => sweep.RunAsync(default));

        var atOnce = await CheckAsync(host.Get<IStoreClock>(), sweep: sweep);
        host.Clock.Advance(TimeSpan.FromTicks(1));
        var later = await CheckAsync(host.Get<IStoreClock>(), sweep: sweep);

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded), (atOnce.Status, later.Status));
        Assert.StartsWith("Deadlines are not looked for", later.Description, StringComparison.Ordinal);
    }

    private Task<HealthCheckResult> CheckAsync(IStoreClock clock, IOutbox? outbox = null, DueSweep? sweep = null, IStoreHealth? store = null) =>
        new EngineHealth(clock, outbox ?? host.Get<IOutbox>(), sweep ?? host.Get<DueSweep>(), host.Get<UnattendedQueues>(), host.Clock, store)
            .CheckHealthAsync(new HealthCheckContext());

    private sealed record Meeting(bool TakesNoChanges) : IStoreHealth
    {
        public bool IsAway => TakesNoChanges;
    }

    private sealed class AwayClock : IStoreClock
    {
        public TimeSpan Ahead => TimeSpan.Zero;

        public Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("Host=db;Password=canary");
    }
}
