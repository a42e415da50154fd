using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tests.Client.Bus;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>A push to stop, on the worker's own queue of an in-memory bus.</summary>
public sealed class CancelPushTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly RunnerFixture _fixture = new();
    private readonly Script _script = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    [Trait("Req", "M4")]
    [Trait("Req", "P6")]
    public async Task It_fires_the_handler_s_token_and_the_attempt_ends_as_canceled()
    {
        var running = WaitForToken();
        await using var services = await StartAsync();
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");
        await SendAsync(services, _fixture.Request() with { ScheduleToStartTimeoutMs = 60_000 });
        var context = await running.WaitAsync(Patience);

        await PushAsync(services, attempt: 1);

        Assert.Equal(AnswerKind.Started, Read(await answers.NextAsync()).Kind);
        Assert.Equal(AnswerKind.Canceled, Read(await answers.NextAsync()).Kind);
        Assert.True(context.CancelRequested);
    }

    [Fact]
    [Trait("Req", "M4")]
    public async Task One_that_overtakes_its_request_keeps_the_handler_from_being_called()
    {
        await using var services = await StartAsync();
        var answers = await Inbox.ConnectAsync(services, "sagaflow.answers");
        await services.Get<RunningAttempts>().CancelAsync(Cancellation(attempt: 1));

        await SendAsync(services, _fixture.Request());

        Assert.Equal(AnswerKind.Canceled, Read(await answers.NextAsync()).Kind);
        Assert.Equal(0, _script.Calls);
    }

    [Fact]
    public async Task One_for_another_attempt_does_not_concern_the_handler()
    {
        var running = WaitForToken();
        var runs = _fixture.Runner;
        _fixture.Script.Run = _script.Run;
        var finished = runs.RunAsync(RunnerFixture.Delivery(_fixture.Request(attempt: 2)), _fixture.Sink, CancellationToken.None);
        var context = await running.WaitAsync(Patience);

        await _fixture.Running.CancelAsync(Cancellation(attempt: 1));
        var before = context.CancelRequested;
        await _fixture.Running.CancelAsync(Cancellation(attempt: 2));
        await finished.WaitAsync(Patience);

        Assert.False(before);
        Assert.Equal(AnswerKind.Canceled, _fixture.Sink.Answers[^1].Kind);
    }

    [Fact]
    public async Task A_handler_s_own_exception_while_it_is_told_to_stop_breaks_nothing()
    {
        ActivityExecutionContext? running = null;
        var work = new TaskCompletionSource<ActivityOutcome<TransmitReceipt>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _fixture.Script.Run = (context, token) =>
        {
            running = context;
            token.Register(() => throw new InvalidOperationException("The brake is broken"));
            return work.Task;
        };
        var finished = _fixture.RunAsync(_fixture.Request());

        await _fixture.Running.CancelAsync(Cancellation(attempt: 1));
        work.SetResult(new TransmitReceipt("1"));
        await finished;

        Assert.True(running!.CancelRequested);
        Assert.Equal(AnswerKind.Completed, _fixture.Sink.Answers[^1].Kind);
    }

    [Fact]
    [Trait("Req", "M4")]
    public async Task Whoever_took_the_token_over_hears_it_too_until_he_stops_listening()
    {
        await using var services = await StartAsync();
        var heard = System.Threading.Channels.Channel.CreateUnbounded<ActivityCancellation>();
        var activities = services.Get<SagaFlow.Client.IActivityClient>();
        var listening = await activities.ListenForCancelAsync("edi", (x, token) => heard.Writer.WriteAsync(x, token).AsTask());
        await using var others = await activities.ListenForCancelAsync("post", (_, _) => throw new InvalidOperationException("Not for this queue"));

        await PushAsync(services, attempt: 3);
        var cancellation = await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        await listening.DisposeAsync();
        await PushAsync(services, attempt: 4);

        Assert.Equal(Cancellation(attempt: 3), cancellation);
        Assert.False(heard.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Who_stops_listening_does_not_wait_for_ever_for_what_was_heard_last()
    {
        var clock = new ManualTimeProvider();
        await using var services = await StartAsync(clock);
        var (heard, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        var listening = await services.Get<SagaFlow.Client.IActivityClient>().ListenForCancelAsync("edi", (_, _) =>
        {
            heard.SetResult();
            return done.Task;
        });
        await PushAsync(services, attempt: 1);
        await heard.Task.WaitAsync(Patience);

        var stopping = listening.DisposeAsync().AsTask();
        await clock.TimerInAsync(TimeSpan.FromSeconds(5));
        var early = stopping.IsCompleted;
        clock.Advance(TimeSpan.FromSeconds(5));
        await stopping.WaitAsync(Patience);
        done.SetResult();

        Assert.False(early);
    }

    [Theory]
    [InlineData("Edi")]
    [InlineData("")]
    [InlineData("#")]
    public async Task A_task_queue_that_cannot_be_is_refused(string taskQueue)
    {
        await using var services = await StartAsync();

        await Assert.ThrowsAsync<SagaFlowException>(
            () => services.Get<SagaFlow.Client.IActivityClient>().ListenForCancelAsync(taskQueue, (_, _) => Task.CompletedTask));
    }

    private Task<ActivityExecutionContext> WaitForToken()
    {
        var running = new TaskCompletionSource<ActivityExecutionContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Run = async (context, token) =>
        {
            running.SetResult(context);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return ActivityOutcome.Pending;
        };
        return running.Task;
    }

    private ActivityCancellation Cancellation(int attempt) => new(_fixture.Request().WorkflowId, "Transmit-1", attempt, "not needed");

    private Task PushAsync(RunningServices services, int attempt)
    {
        var cancellation = Cancellation(attempt);
        return services.Get<IRawBus>().PublishAsync(
            "sagaflow.cancel", $"edi.{cancellation.WorkflowId}.Transmit-1", new RawMessage { Body = WireJson.Write(cancellation) }, CancellationToken.None);
    }

    private Task<RunningServices> StartAsync(TimeProvider? clock = null) => RunningServices.StartAsync(s => s
        .AddSingleton(clock ?? TimeProvider.System)
        .AddSingleton(_script)
        .AddSagaFlowWorker(w => w.AddHandler<TransmitOrderHandler>().OnTaskQueue("edi")));

    private static Task SendAsync(RunningServices services, ActivityRequest request) =>
        services.Get<IRawBus>().SendAsync("sagaflow.tasks.edi", RunnerFixture.Delivery(request), CancellationToken.None);

    private static ActivityAnswer Read(RawMessage message) =>
        WireJson.TryReadAnswer(message.Body, out var answer, out var problem) ? answer : throw new InvalidOperationException(problem.Detail);
}
