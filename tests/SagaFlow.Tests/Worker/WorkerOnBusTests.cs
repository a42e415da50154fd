using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tests.Client.Bus;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed class WorkerOnBusTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly RunnerFixture _fixture = new();
    private readonly Script _script = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_request_on_its_task_queue_is_answered_on_the_answers_queue()
    {
        await using var services = await StartAsync();
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");

        await SendAsync(services, _fixture.Request());

        var answer = Read(await answers.NextAsync());
        Assert.Equal((AnswerKind.Completed, RunnerFixture.Token), (answer.Kind, answer.TaskToken));
        Assert.Equal("""{"controlNumber":"000123"}""", answer.Result?.GetRawText());
    }

    [Fact]
    [Trait("Req", "P17")]
    public async Task A_slot_is_held_until_its_handler_returns()
    {
        var work = new TaskCompletionSource<ActivityOutcome<TransmitReceipt>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Run = (context, _) =>
        {
            running.TrySetResult();
            return context.Attempt == 1 ? work.Task : Task.FromResult<ActivityOutcome<TransmitReceipt>>(new TransmitReceipt("2"));
        };
        await using var services = await StartAsync();
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");

        await SendAsync(services, _fixture.Request(attempt: 1) with { ScheduleToStartTimeoutMs = 60_000 });
        await SendAsync(services, _fixture.Request(attempt: 2));
        var started = Read(await answers.NextAsync());
        await running.Task.WaitAsync(Patience);
        Assert.Equal((AnswerKind.Started, 1), (started.Kind, _script.Calls));
        work.SetResult(new TransmitReceipt("1"));

        var results = new[] { Read(await answers.NextAsync()), Read(await answers.NextAsync()) };
        Assert.Equal(["""{"controlNumber":"1"}""", """{"controlNumber":"2"}"""], results.Select(a => a.Result?.GetRawText()));
    }

    [Fact]
    [Trait("Req", "P23")]
    [Trait("Req", "W15")]
    public async Task Stopping_tells_the_handlers_and_hands_unfinished_attempts_back()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Run = async (_, token) =>
        {
            running.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return ActivityOutcome.Pending;
        };
        await using var services = await StartAsync();
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");
        await SendAsync(services, _fixture.Request());
        await running.Task.WaitAsync(Patience);

        await services.StopAsync<WorkerHost>();

        Assert.Equal(AnswerKind.Released, Read(await answers.NextAsync()).Kind);
    }

    [Fact]
    [Trait("Req", "W16")]
    public async Task A_worker_with_nothing_in_hand_stops_at_once()
    {
        await using var services = await StartAsync(new ManualTimeProvider());

        await services.StopAsync();

        Assert.Equal(0, _script.Calls);
    }

    [Fact]
    [Trait("Req", "W23")]
    public async Task A_single_task_is_taken_by_hand_beside_a_running_pool_which_then_goes_on()
    {
        var work = new TaskCompletionSource<ActivityOutcome<TransmitReceipt>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Run = (context, _) =>
        {
            running.TrySetResult();
            return context.Attempt == 1 ? work.Task : Task.FromResult<ActivityOutcome<TransmitReceipt>>(new TransmitReceipt($"{context.Attempt}"));
        };
        await using var services = await StartAsync();
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");
        await SendAsync(services, _fixture.Request(attempt: 1));
        await running.Task.WaitAsync(Patience);

        var byHand = services.Get<ISagaFlowWorker>().RunOnceAsync("edi", Patience);
        await SendAsync(services, _fixture.Request(attempt: 2));
        var done = await byHand;
        work.SetResult(new TransmitReceipt("1"));
        await SendAsync(services, _fixture.Request(attempt: 3));
        var results = new[] { await ResultAsync(answers), await ResultAsync(answers), await ResultAsync(answers) };

        Assert.Equal((AttemptEnd.Completed, 2), (done!.End, done.Attempt!.Attempt));
        Assert.Equal(["1", "2", "3"], results.Order());
    }

    [Fact]
    [Trait("Req", "W23")]
    public async Task A_pool_starts_while_a_single_task_is_waited_for_and_gets_what_that_does_not_take()
    {
        await using var services = await RunningServices.StartAsync(s => AddWorker(s, TimeProvider.System, startsWithHost: false));
        var worker = services.Get<ISagaFlowWorker>();
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");
        using var giveUp = new CancellationTokenSource();
        var byHand = worker.RunOnceAsync("edi", Patience, giveUp.Token);

        await worker.StartAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => byHand);
        await SendAsync(services, _fixture.Request());

        Assert.Equal("000123", await ResultAsync(answers));
    }

    [Fact]
    public async Task A_worker_runs_in_the_bus_of_a_test_harness()
    {
        await using var services = await RunningServices.StartAsync(s =>
        {
            s.AddMassTransitTestHarness();
            AddWorker(s, TimeProvider.System);
        });
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");

        await SendAsync(services, _fixture.Request());

        Assert.Equal(AnswerKind.Completed, Read(await answers.NextAsync()).Kind);
    }

    [Theory]
    [InlineData("Edi")]
    [InlineData("")]
    public void A_task_queue_that_no_broker_name_can_hold_is_refused_where_it_is_written(string taskQueue) =>
        Assert.Throws<SagaFlowException>(
            () => new ServiceCollection().AddSagaFlowWorker(w => w.AddHandler<TransmitOrderHandler>().OnTaskQueue(taskQueue)));

    [Fact]
    public void A_class_that_handles_nothing_is_refused() =>
        Assert.Throws<SagaFlowException>(() => new ServiceCollection().AddSagaFlowWorker(w => w.AddHandler<Script>()));

    [Fact]
    public async Task Two_handlers_of_one_name_on_one_task_queue_are_refused_at_start()
    {
        var starting = RunningServices.StartAsync(s => s.AddSingleton(_script).AddSagaFlowWorker(w =>
        {
            w.AddHandler<TransmitOrderHandler>();
            w.AddHandler<TransmitOrderHandler>();
        }));

        var exception = await Assert.ThrowsAsync<SagaFlowException>(() => starting);
        Assert.Contains("'TransmitOrder' on task queue 'default'", exception.Message, StringComparison.Ordinal);
    }

    private Task<RunningServices> StartAsync(TimeProvider? time = null) => RunningServices.StartAsync(s => AddWorker(s, time ?? TimeProvider.System));

    private static async Task<string?> ResultAsync(Inbox answers)
    {
        var answer = Read(await answers.NextAsync());
        return answer.Kind is AnswerKind.Completed ? answer.Result?.GetProperty("controlNumber").GetString() : await ResultAsync(answers);
    }

    private void AddWorker(IServiceCollection services, TimeProvider time, bool startsWithHost = true) => services
        .AddSingleton(time)
        .AddSingleton(_script)
        .AddSagaFlowWorker(w => w.AddHandler<TransmitOrderHandler>().OnTaskQueue("edi").Configure(o => (o.SlotsPerTaskQueue, o.StartsWithHost) = (1, startsWithHost)));

    private static Task SendAsync(RunningServices services, ActivityRequest request) =>
        services.Get<IRawBus>().SendAsync("sagaflow.tasks.edi", RunnerFixture.Delivery(request), CancellationToken.None);

    private static ActivityAnswer Read(RawMessage message) =>
        WireJson.TryReadAnswer(message.Body, out var answer, out var problem) ? answer : throw new InvalidOperationException(problem.Detail);
}
