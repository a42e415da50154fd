using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NSubstitute;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed class WorkerRestartTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Req", "W17")]
    [Trait("Req", "W18")]
    public async Task Five_failed_tries_in_a_row_end_a_worker_with_10()
    {
        await using var fixture = await WorkerFixture.CreateAsync();
        Refuse(fixture, 5);

        var starting = fixture.Worker.StartAsync();
        foreach (var (failures, wait) in ((int, double)[])[(1, 1), (2, 2.2), (3, 3.4), (4, 4.6)])
        {
            await AssertWaitsAsync(fixture, failures, TimeSpan.FromSeconds(wait));
        }

        await fixture.Events.CountsAsync<WorkerStopped>(1);
        var failed = fixture.Events.Of<ConsumingFailed>();
        Assert.Equal([(1, true), (2, true), (3, true), (4, true), (5, false)], failed.Select(x => (x.Attempts, x.Retriable)));
        var exit = fixture.Events.Of<WorkerStopped>()[0].Exit;
        Assert.Equal((10, failed[4].Error), (exit.Code, exit.Error));
        Assert.False(starting.IsCompleted);
        await fixture.Time.TimerWithinAsync(TimeSpan.FromSeconds(2));
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        await starting.WaitAsync(Patience);
    }

    [Fact]
    [Trait("Req", "W17")]
    public async Task A_success_begins_the_count_of_failed_tries_anew()
    {
        await using var fixture = await WorkerFixture.CreateAsync();
        Refuse(fixture, 4);
        var starting = fixture.Worker.StartAsync();
        await AdvanceThroughAsync(fixture, 4);
        await starting.WaitAsync(Patience);

        Refuse(fixture, 3);
        fixture.Slots.Break();
        await AdvanceThroughAsync(fixture, 4);

        await fixture.Events.CountsAsync<ConsumingStarted>(2);
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4], fixture.Events.Of<ConsumingFailed>().Select(x => x.Attempts));
        Assert.Empty(fixture.Events.Of<WorkerStopped>());
    }

    [Fact]
    [Trait("Req", "W17")]
    [Trait("Req", "W18")]
    public async Task The_process_ends_with_10_where_it_is_to_stop_when_it_cannot_connect()
    {
        var lifetime = Substitute.For<IHostApplicationLifetime>();
        await using var fixture = await WorkerFixture.CreateAsync(
            options => (options.StopsWhenUnconnected, options.StartsWithHost) = (true, true), services => services.AddSingleton(lifetime));
        var exit = fixture.Worker.Exit;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.When(x => x.StopApplication()).Do(_ => stopped.SetResult());

        Refuse(fixture, 5);
        fixture.Slots.Break();
        await AdvanceThroughAsync(fixture, 4);
        await stopped.Task.WaitAsync(Patience);

        var code = Environment.ExitCode;
        Environment.ExitCode = 0;
        Assert.Equal((10, 10), (code, (await exit).Code));
        Assert.IsAssignableFrom<IOException>((await exit).Error);
    }

    [Fact]
    [Trait("Req", "W18")]
    public async Task A_start_that_cannot_connect_fails_where_it_is_to_stop_then()
    {
        await using var fixture = await WorkerFixture.CreateAsync(options => (options.StopsWhenUnconnected, options.MaximumConnectFailures) = (true, 1));
        Refuse(fixture, 1);

        var error = await Assert.ThrowsAnyAsync<IOException>(() => fixture.Worker.StartAsync().WaitAsync(Patience));

        Assert.Equal((10, error), ((await fixture.Worker.Exit.WaitAsync(Patience)).Code, (await fixture.Worker.Exit).Error));
    }

    [Fact]
    [Trait("Req", "W19")]
    public async Task A_wait_that_the_stop_ends_is_no_failure()
    {
        await using var fixture = await WorkerFixture.CreateAsync();
        Refuse(fixture, 1);
        var starting = fixture.Worker.StartAsync();
        await fixture.Events.CountsAsync<ConsumingFailed>(1);
        await fixture.Time.TimerWithinAsync(TimeSpan.FromSeconds(1));

        await fixture.Worker.StopAsync().WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(Patience));
        Assert.Single(fixture.Events.Of<ConsumingFailed>());
        Assert.Equal(WorkerExit.Success, Assert.Single(fixture.Events.Of<WorkerStopped>()).Exit);
    }

    [Fact]
    [Trait("Req", "W16")]
    [Trait("Req", "W19")]
    public async Task A_stop_ends_the_wait_for_work_at_once_and_that_is_no_failure()
    {
        await using var fixture = await WorkerFixture.StartAsync();

        await fixture.Worker.StopAsync().WaitAsync(Patience);

        Assert.Empty(fixture.Events.Of<ConsumingFailed>());
        Assert.Equal(0, (await fixture.Worker.Exit.WaitAsync(Patience)).Code);
    }

    [Fact]
    [Trait("Req", "W20")]
    public async Task A_worker_whose_own_loop_breaks_is_replaced_after_two_seconds()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var error = new InvalidOperationException("A mistake of the worker's own");
        var before = fixture.Worker.Pools[0].Workers[0];
        fixture.Slots.Break(error);
        await fixture.Events.CountsAsync<WorkerStopped>(1);
        await fixture.Time.TimerWithinAsync(TimeSpan.FromSeconds(2));

        fixture.Time.Advance(TimeSpan.FromSeconds(2) - Tick);
        var early = fixture.Events.Of<WorkerReplaced>().Count;
        fixture.Time.Advance(Tick);

        await fixture.Events.CountsAsync<WorkerRunning>(2);
        Assert.Equal((10, error, 0), (fixture.Events.Of<WorkerStopped>()[0].Exit.Code, fixture.Events.Of<WorkerStopped>()[0].Exit.Error, early));
        var replaced = Assert.Single(fixture.Events.Of<WorkerReplaced>());
        Assert.Equal((before, fixture.Worker.Pools[0].Workers[0]), (replaced.Predecessor, replaced.Worker));
        Assert.NotEqual(before, replaced.Worker);
        Assert.Equal(AttemptEnd.Completed, (await fixture.RunAsync()).End);
    }

    private static void Refuse(WorkerFixture fixture, int times) =>
        Enumerable.Range(0, times).ToList().ForEach(_ => fixture.Slots.Refusals.Enqueue(ScriptedSlots.Refusal));

    // One tick before it is time, nothing is tried.
    private static async Task AssertWaitsAsync(WorkerFixture fixture, int failures, TimeSpan wait)
    {
        await fixture.Events.CountsAsync<ConsumingFailed>(failures);
        await fixture.Time.TimerWithinAsync(wait);
        fixture.Time.Advance(wait - Tick);
        Assert.Equal(failures, fixture.Slots.Tries);
        fixture.Time.Advance(Tick);
        await fixture.Events.CountsAsync<ConsumingStarting>(failures + 1);
    }

    // Each wait exactly: a longer step could end the next one too.
    private static async Task AdvanceThroughAsync(WorkerFixture fixture, int waits)
    {
        for (var i = 0; i < waits; i++)
        {
            var wait = TimeSpan.FromSeconds(1 + (1.2 * i));
            await fixture.Time.TimerWithinAsync(wait);
            fixture.Time.Advance(wait);
        }
    }
}
