using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Worker;
using SagaFlow.Worker.Pools;

namespace SagaFlow.Tests.Worker;

public sealed class WorkerCapacityTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TaskCompletionSource<ActivityOutcome<TransmitReceipt>> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(2)]
    [Trait("Req", "W21")]
    public async Task The_number_of_workers_can_be_changed_while_the_pool_runs(int capacity)
    {
        await using var fixture = await WorkerFixture.StartAsync(options => options.SlotsPerTaskQueue = 2);

        await fixture.Worker.SetCapacityAsync("edi", capacity);

        var pool = fixture.Worker.Pools[0];
        Assert.Equal((capacity, capacity, capacity), (pool.Capacity, pool.Workers.Count, fixture.Slots.Consumers));
        Assert.Equal(Math.Max(0, 2 - capacity), fixture.Events.Of<WorkerStopped>().Count);
        Assert.Equal(capacity == 2 ? [] : [(2, capacity)], fixture.Events.Of<PoolResized>().Select(x => (x.From, x.To)));
    }

    [Fact]
    [Trait("Req", "W21")]
    public async Task A_change_that_changes_nothing_does_not_block_the_next_one()
    {
        await using var fixture = await WorkerFixture.StartAsync();

        await fixture.Worker.SetCapacityAsync("edi", 1);
        await fixture.Worker.SetCapacityAsync("edi", 2);

        Assert.Equal(2, fixture.Slots.Consumers);
    }

    [Fact]
    [Trait("Req", "W21")]
    public async Task One_change_at_a_time_and_a_worker_that_leaves_ends_its_task_first()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var told = false;
        fixture.Script.Run = (_, token) =>
        {
            token.Register(() => told = true);
            return _work.Task;
        };
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));
        await fixture.Events.CountsAsync<AttemptStarted>(1);

        var shrinking = fixture.Worker.SetCapacityAsync("edi", 0);
        var second = await Assert.ThrowsAsync<ResizeInProgressException>(() => fixture.Worker.SetCapacityAsync("edi", 3));
        var early = (shrinking.IsCompleted, told);
        _work.SetResult(new TransmitReceipt("1"));
        await shrinking.WaitAsync(Patience);
        await fixture.Worker.SetCapacityAsync("edi", 1);

        Assert.Equal(("edi", (false, false)), (second.TaskQueue, early));
        Assert.Equal(AnswerKind.Completed, Assert.Single(fixture.Sink.Answers).Kind);
        Assert.Equal((1, 1), (fixture.Worker.Pools[0].Capacity, fixture.Slots.Consumers));
    }

    [Fact]
    [Trait("Req", "W21")]
    public async Task An_idle_worker_leaves_before_a_busy_one()
    {
        await using var fixture = await WorkerFixture.StartAsync(options => options.SlotsPerTaskQueue = 2);
        fixture.Script.Run = (_, _) => _work.Task;
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));
        await fixture.Events.CountsAsync<AttemptStarted>(1);

        await fixture.Worker.SetCapacityAsync("edi", 1).WaitAsync(Patience);

        Assert.Equal(fixture.Events.Of<AttemptStarted>()[0].Worker, Assert.Single(fixture.Worker.Pools[0].Workers));
        _work.SetResult(new TransmitReceipt("1"));
    }

    [Fact]
    [Trait("Req", "W21")]
    public async Task A_capacity_that_is_set_before_the_start_is_the_one_it_starts_with()
    {
        await using var fixture = await WorkerFixture.CreateAsync();

        await fixture.Worker.SetCapacityAsync("edi", 4);
        await fixture.Worker.StartAsync();

        Assert.Equal(4, fixture.Slots.Consumers);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => fixture.Worker.SetCapacityAsync("edi", -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => fixture.Worker.SetCapacityAsync("edi", 1001));
        await Assert.ThrowsAsync<SagaFlowException>(() => fixture.Worker.SetCapacityAsync("nobody", 1));
    }

    [Fact]
    [Trait("Req", "W23")]
    public async Task A_single_task_is_taken_by_hand_and_its_error_reaches_the_caller()
    {
        await using var fixture = await WorkerFixture.CreateAsync();
        var error = new InvalidOperationException("The partner is gone");
        fixture.Script.Run = (_, _) => throw error;
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request(attempt: 2)));

        var done = await fixture.Worker.RunOnceAsync("edi", Patience);

        Assert.Equal((AttemptEnd.Failed, error, 1), (done!.End, done.Error, done.Attempt!.Attempt));
        Assert.Equal((1, WorkerStatus.Stopped), (fixture.Script.Calls, fixture.Worker.Status));
    }

    [Fact]
    [Trait("Req", "W23")]
    public async Task By_hand_nothing_is_a_result_and_a_broker_that_is_away_an_error()
    {
        await using var fixture = await WorkerFixture.CreateAsync();

        var waiting = fixture.Worker.RunOnceAsync("edi", TimeSpan.FromSeconds(1));
        await fixture.Time.TimerWithinAsync(TimeSpan.FromSeconds(1));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var nothing = await waiting.WaitAsync(Patience);
        fixture.Slots.Refusals.Enqueue(ScriptedSlots.Refusal);

        Assert.Null(nothing);
        await Assert.ThrowsAnyAsync<IOException>(() => fixture.Worker.RunOnceAsync("edi", Patience));
    }

    [Fact]
    public async Task A_rate_lets_so_many_start_in_any_window_and_not_one_tick_earlier()
    {
        var time = new ManualTimeProvider();
        var rate = new StartRate(2, TimeSpan.FromSeconds(1), time);
        Assert.True(await rate.TryTakeAsync(TimeSpan.Zero, default));
        time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.True(await rate.TryTakeAsync(TimeSpan.Zero, default));

        Assert.False(await rate.TryTakeAsync(TimeSpan.FromSeconds(0.6) - Tick, default));
        var third = rate.TryTakeAsync(TimeSpan.FromSeconds(0.6), default);
        time.Advance(TimeSpan.FromSeconds(0.6) - Tick);
        var early = third.IsCompleted;
        time.Advance(Tick);

        Assert.False(early);
        Assert.True(await third.WaitAsync(Patience));
        Assert.False(await rate.TryTakeAsync(TimeSpan.FromSeconds(0.4) - Tick, default));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_rate_does_not_notice_that_somebody_sets_the_time_of_day(int hours)
    {
        var time = new ManualTimeProvider();
        var rate = new StartRate(1, TimeSpan.FromSeconds(1), time);
        Assert.True(await rate.TryTakeAsync(TimeSpan.Zero, default));
        time.SetTimeOfDay(TimeSpan.FromHours(hours));

        var early = await rate.TryTakeAsync(TimeSpan.FromSeconds(1) - Tick, default);
        time.Advance(TimeSpan.FromSeconds(1));
        var inTime = await rate.TryTakeAsync(TimeSpan.Zero, default);

        Assert.Equal((false, true), (early, inTime));
    }

    [Fact]
    public async Task A_request_over_the_rate_is_put_back_only_after_a_pause()
    {
        await using var fixture = await WorkerFixture.CreateAsync(
            options => options.SlotsPerTaskQueue = 1,
            services => services.AddSagaFlowWorker(worker => worker.ConfigureTaskQueue("edi", queue => (queue.MaximumStarts, queue.StartPeriod) = (1, TimeSpan.FromMinutes(1)))));
        await fixture.Worker.StartAsync();
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request(attempt: 2)));
        await fixture.Events.CountsAsync<RequestReceived>(2);
        await fixture.Time.TimerInAsync(TimeSpan.FromSeconds(5));

        fixture.Time.Advance(TimeSpan.FromSeconds(5) - Tick);
        var early = fixture.Events.Of<AttemptDone>().Count;
        fixture.Time.Advance(Tick);
        await fixture.Events.CountsAsync<AttemptDone>(2);

        Assert.Equal((1, AttemptEnd.PutBack), (early, fixture.Events.Of<AttemptDone>()[^1].End));
    }

    [Fact]
    public async Task An_activity_at_its_limit_lets_others_of_its_task_queue_through()
    {
        await using var fixture = await WorkerFixture.CreateAsync(
            options => options.SlotsPerTaskQueue = 2,
            services => services.AddSagaFlowWorker(worker => worker.AddHandler<TransmitOrderHandler>("Rare").LimitConcurrency(1).OnTaskQueue("edi")));
        fixture.Script.Run = (context, _) => context.ActivityName == "Rare" ? _work.Task : Task.FromResult<ActivityOutcome<TransmitReceipt>>(new TransmitReceipt("1"));
        await fixture.Worker.StartAsync();
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request() with { Activity = "Rare" }));
        await fixture.Events.CountsAsync<AttemptStarted>(1);

        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request(attempt: 2) with { Activity = "Rare" }));
        await fixture.Events.CountsAsync<RequestReceived>(2);
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request(attempt: 3)));
        await fixture.Time.TimerWithinAsync(TimeSpan.FromSeconds(5));
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await fixture.Events.CountsAsync<AttemptDone>(2);

        Assert.Equal([(2, AttemptEnd.PutBack), (3, AttemptEnd.Completed)], fixture.Events.Of<AttemptDone>().Select(x => (x.Attempt!.Attempt, x.End)));
        Assert.Single(fixture.Events.Of<AttemptStarted>(), x => x.Attempt!.Activity == "Rare");
        _work.SetResult(new TransmitReceipt("2"));
    }

    [Fact]
    public async Task A_task_queue_starts_no_more_in_a_period_than_it_may()
    {
        await using var fixture = await WorkerFixture.CreateAsync(
            options => options.SlotsPerTaskQueue = 3,
            services => services.AddSagaFlowWorker(worker => worker.ConfigureTaskQueue("edi", queue => (queue.MaximumStarts, queue.StartPeriod) = (2, TimeSpan.FromSeconds(3)))));
        await fixture.Worker.StartAsync();

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request(attempt)));
        }

        await fixture.Events.CountsAsync<AttemptDone>(2);
        await fixture.Events.CountsAsync<RequestReceived>(3);
        await fixture.Time.TimerInAsync(TimeSpan.FromSeconds(3));
        fixture.Time.Advance(TimeSpan.FromSeconds(3) - Tick);
        var early = fixture.Script.Calls;
        fixture.Time.Advance(Tick);
        await fixture.Events.CountsAsync<AttemptDone>(3);

        Assert.Equal((2, 3), (early, fixture.Script.Calls));
    }
}
