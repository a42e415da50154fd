using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed class WorkerLifeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    [Fact]
    [Trait("Req", "W1")]
    [Trait("Req", "W22")]
    public async Task Each_task_queue_has_a_pool_of_workers_that_have_names_of_their_own()
    {
        await using var fixture = await WorkerFixture.CreateAsync(
            options => options.SlotsPerTaskQueue = 2,
            services => services.AddSagaFlowWorker(worker => worker
                .AddHandler<TransmitOrderHandler>("PrintLabel").OnTaskQueue("labels")
                .ConfigureTaskQueue("labels", queue => queue.Capacity = 3)));

        await fixture.Worker.StartAsync();

        var pools = fixture.Worker.Pools;
        Assert.Equal([("edi", 2, 2), ("labels", 3, 3)], pools.Select(x => (x.TaskQueue, x.Capacity, x.Workers.Count)));
        Assert.Equal(["TransmitOrder", "PrintLabel"], pools.SelectMany(x => x.Activities));
        var names = pools.SelectMany(x => x.Workers).ToList();
        Assert.Equal(5, names.Distinct().Count());
        Assert.All(names, name => Assert.StartsWith("test-", name, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Req", "W2")]
    public async Task Nothing_is_consumed_before_the_start()
    {
        await using var fixture = await WorkerFixture.CreateAsync();
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));

        var before = (fixture.Slots.Tries, fixture.Events.All.Count, fixture.Worker.Status);
        await fixture.Worker.StartAsync();

        Assert.Equal((0, 0, WorkerStatus.Stopped), before);
        await fixture.Events.CountsAsync<AttemptCompleted>(1);
    }

    [Fact]
    [Trait("Req", "W3")]
    public async Task The_start_ends_only_when_every_worker_runs()
    {
        var ready = new TaskCompletionSource();
        await using var fixture = await WorkerFixture.CreateAsync(options => options.SlotsPerTaskQueue = 3);
        fixture.Slots.Ready = ready.Task;

        var starting = fixture.Worker.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Slots.Tries == 3));
        var early = (starting.IsCompleted, fixture.Worker.Status, fixture.Events.Of<WorkerStarting>().Count, fixture.Events.Of<WorkerRunning>().Count);
        ready.SetResult();
        await starting.WaitAsync(Patience);

        Assert.Equal((false, WorkerStatus.Starting, 3, 0), early);
        Assert.Equal((WorkerStatus.Running, 3), (fixture.Worker.Status, fixture.Events.Of<WorkerRunning>().Count));
        Assert.All(
            fixture.Events.All.GroupBy(x => x.Worker),
            x => Assert.Equal(["WorkerStarting", "ConsumingStarting", "ConsumingStarted", "WorkerRunning"], x.Select(e => e.GetType().Name)));
    }

    [Fact]
    [Trait("Req", "W4")]
    public async Task Starting_what_runs_and_stopping_what_has_stopped_do_nothing()
    {
        await using var fixture = await WorkerFixture.CreateAsync();

        await fixture.Worker.StopAsync();
        await fixture.Worker.StartAsync();
        await fixture.Worker.StartAsync();
        var started = fixture.Events.Names;
        await fixture.Worker.StopAsync();
        await fixture.Worker.StopAsync();

        Assert.Single(started, nameof(WorkerStarting));
        Assert.Single(fixture.Events.Of<WorkerStopped>());
    }

    [Fact]
    [Trait("Req", "W5")]
    public async Task A_worker_that_finds_no_work_waits_without_a_word()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var before = fixture.Events.All.Count;

        fixture.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((before, 1), (fixture.Events.All.Count, fixture.Slots.Consumers));
    }

    [Fact]
    [Trait("Req", "W15")]
    public async Task A_stop_takes_no_new_work_and_lets_the_current_task_finish()
    {
        var work = new TaskCompletionSource<ActivityOutcome<TransmitReceipt>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Script.Run = (_, _) => work.Task;
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));
        await fixture.Events.CountsAsync<AttemptStarted>(1);

        var stopping = fixture.Worker.StopAsync();
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request(attempt: 2)));
        var early = (stopping.IsCompleted, fixture.Worker.Status);
        work.SetResult(new TransmitReceipt("1"));
        await stopping.WaitAsync(Patience);

        Assert.Equal((false, WorkerStatus.Stopping), early);
        Assert.Equal(["AttemptCompleted", "AttemptDone", "WorkerStopping", "WorkerStopped"], fixture.Events.Names.TakeLast(4));
        Assert.Equal((1, AnswerKind.Completed), (fixture.Script.Calls, Assert.Single(fixture.Sink.Answers).Kind));
    }

    [Fact]
    [Trait("Req", "P23")]
    public async Task A_stop_does_not_wait_for_ever_for_a_handler_s_own_code_that_is_told_to_stop()
    {
        using var blocking = new ManualResetEventSlim();
        var work = new TaskCompletionSource<ActivityOutcome<TransmitReceipt>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Script.Run = (_, token) =>
        {
            token.Register(blocking.Wait);
            return work.Task;
        };
        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));
        await fixture.Events.CountsAsync<AttemptStarted>(1);

        try
        {
            var stopping = fixture.Worker.StopAsync();
            await fixture.Time.TimerInAsync(LastPatience);
            fixture.Time.Advance(LastPatience);
            await fixture.Time.TimerInAsync(new SagaFlowWorkerOptions().ShutdownGracePeriod);
            fixture.Time.Advance(new SagaFlowWorkerOptions().ShutdownGracePeriod);
            await stopping.WaitAsync(Patience);
        }
        finally
        {
            blocking.Set();
        }

        Assert.Equal(AnswerKind.Released, fixture.Sink.Answers[^1].Kind);
        Assert.Equal(0, fixture.Slots.Consumers);
    }

    [Fact]
    [Trait("Req", "W18")]
    public async Task A_worker_that_was_stopped_ends_with_0_and_can_be_started_again()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var exit = fixture.Worker.Exit;
        var early = exit.IsCompleted;

        await fixture.Worker.StopAsync();
        var end = await exit.WaitAsync(Patience);
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Worker.Status == WorkerStatus.Stopped));
        await fixture.Worker.StartAsync();

        Assert.False(early);
        Assert.Equal((0, null), (end.Code, end.Error));
        Assert.Equal(WorkerExit.Success, Assert.Single(fixture.Events.Of<WorkerStopped>()).Exit);
        Assert.Equal((WorkerStatus.Running, false), (fixture.Worker.Status, fixture.Worker.Exit.IsCompleted));
        Assert.Equal(AttemptEnd.Completed, (await fixture.RunAsync()).End);
    }

    [Fact]
    [Trait("Req", "W24")]
    public async Task All_workers_report_to_every_observer_and_one_that_throws_disturbs_nobody()
    {
        var second = new EventLog();
        await using var fixture = await WorkerFixture.CreateAsync(
            options => options.SlotsPerTaskQueue = 2,
            services => services
                .AddSingleton<IWorkerObserver>(new Thrower())
                .AddSingleton<IWorkerObserver>(second));

        await fixture.Worker.StartAsync();
        await fixture.RunAsync();

        Assert.Equal(2, fixture.Events.Of<WorkerRunning>().Select(x => x.Worker).Distinct().Count());
        await Eventually.HoldsAsync(() => Task.FromResult(second.All.Count == fixture.Events.All.Count));
        Assert.Equal(second.All.ToHashSet(), fixture.Events.All.ToHashSet());
    }

    [Fact]
    [Trait("Req", "W24")]
    [Trait("Req", "W18")]
    public async Task An_observer_that_cannot_be_made_fails_the_start_with_its_reason()
    {
        await using var fixture = await WorkerFixture.CreateAsync(add: services => services.AddSagaFlowWorker(worker => worker.AddObserver<Unmakeable>()));
        var exit = fixture.Worker.Exit;

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => fixture.Worker.StartAsync().WaitAsync(Patience));
        var end = await exit.WaitAsync(Patience);
        var byHand = await Assert.ThrowsAsync<SagaFlowException>(() => fixture.Worker.RunOnceAsync("edi", Patience));

        Assert.Contains("observer of the worker", error.Message, StringComparison.Ordinal);
        Assert.Contains("No such ledger", error.Message, StringComparison.Ordinal);
        Assert.Equal((10, error), (end.Code, end.Error));
        Assert.Equal((WorkerStatus.Stopped, error.Message), (fixture.Worker.Status, byHand.Message));
    }

    private sealed class Unmakeable : IWorkerObserver
    {
        public Unmakeable() => throw new InvalidOperationException("No such ledger");

        public void OnEvent(WorkerEvent workerEvent)
        {
        }
    }

    private sealed class Thrower : IWorkerObserver
    {
        public void OnEvent(WorkerEvent workerEvent) => throw new InvalidOperationException("An observer's mistake");
    }
}
