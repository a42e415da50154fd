using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed class RunningAttemptTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly RunnerFixture _fixture = new();
    private readonly TaskCompletionSource<ActivityOutcome<TransmitReceipt>> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public async Task Started_is_sent_after_250_ms_of_running(int ticksAround, int expected)
    {
        _fixture.Script.Run = (_, _) => _work.Task;
        var run = _fixture.Accept(_fixture.Request());

        var finished = run.ExecuteAsync();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(250) + (ticksAround * Tick));
        if (expected > 0)
        {
            await run.Accepted.WaitAsync(Patience);
        }

        Assert.Equal(expected, _fixture.Sink.Answers.Count(a => a is { Kind: AnswerKind.Started, RunningForMs: 250 }));
        _work.SetResult(new TransmitReceipt("1"));
        await finished.WaitAsync(Patience);
        Assert.Equal(expected + 1, _fixture.Sink.Answers.Count);
    }

    [Fact]
    public async Task A_delivery_may_be_acknowledged_while_the_handler_runs_on()
    {
        _fixture.Script.Run = (_, _) => _work.Task;
        var run = _fixture.Accept(_fixture.Request());

        var finished = run.ExecuteAsync();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(250));
        await run.Accepted.WaitAsync(Patience);

        Assert.False(finished.IsCompleted);
        _work.SetResult(new TransmitReceipt("1"));
        await finished.WaitAsync(Patience);
        Assert.Equal([AnswerKind.Started, AnswerKind.Completed], _fixture.Sink.Answers.Select(a => a.Kind));
    }

    [Fact]
    public void Started_is_sent_at_once_when_a_schedule_to_start_timeout_is_set()
    {
        _fixture.Script.Run = (_, _) => _work.Task;
        var run = _fixture.Accept(_fixture.Request() with { ScheduleToStartTimeoutMs = 60_000 });

        _ = run.ExecuteAsync();

        Assert.Equal((AnswerKind.Started, 0L), (_fixture.OnlyAnswer.Kind, _fixture.OnlyAnswer.RunningForMs));
    }

    [Fact]
    [Trait("Req", "E12")]
    [Trait("Req", "T9")]
    public async Task A_heartbeat_needs_no_token_and_carries_progress()
    {
        _fixture.Script.Run = async (context, token) =>
        {
            Assert.False(await context.HeartbeatAsync(token));
            Assert.False(await context.HeartbeatAsync(new { line = 7 }, token));
            return ActivityOutcome.Pending;
        };

        await _fixture.RunAsync(_fixture.Request() with { HeartbeatTimeoutMs = 10_000 });

        var heartbeats = _fixture.Sink.Answers.Where(a => a.Kind == AnswerKind.Heartbeat).ToList();
        Assert.Equal([(1L, null), (2L, """{"line":7}""")], heartbeats.Select(a => (a.Sequence!.Value, a.Checkpoint?.GetRawText())));
        Assert.All(heartbeats, a => Assert.Equal(RunnerFixture.Token, a.TaskToken));
    }

    [Fact]
    [Trait("Req", "E12")]
    [Trait("Req", "E18")]
    public async Task The_context_of_an_attempt_that_has_left_its_handler_throws_at_once()
    {
        ActivityExecutionContext? kept = null;
        _fixture.Script.Run = (context, _) =>
        {
            kept = context;
            return Task.FromResult<ActivityOutcome<TransmitReceipt>>(ActivityOutcome.Pending);
        };
        await _fixture.RunAsync(_fixture.Request());

        var exception = await Assert.ThrowsAsync<SagaFlowException>(() => kept!.HeartbeatAsync());

        Assert.Contains("'Transmit-1' (attempt 1)", exception.Message, StringComparison.Ordinal);
        Assert.Single(_fixture.Sink.Answers);
    }

    [Fact]
    [Trait("Req", "E19")]
    [Trait("Req", "E20")]
    public async Task A_heartbeat_learns_that_the_activity_is_to_stop_and_the_handler_ends_as_canceled()
    {
        var told = false;
        _fixture.Sink.HeartbeatReceipt = new Receipt(Disposition.Applied, CancelRequested: true);
        _fixture.Script.Run = async (context, token) =>
        {
            told = await context.HeartbeatAsync(token);
            token.ThrowIfCancellationRequested();
            return new TransmitReceipt("1");
        };

        await _fixture.RunAsync(_fixture.Request());

        Assert.True(told);
        Assert.Equal(AnswerKind.Canceled, _fixture.Sink.Answers[^1].Kind);
    }

    [Fact]
    public async Task A_heartbeat_without_receipt_lets_the_work_go_on()
    {
        _fixture.Sink.HeartbeatReceipt = null;
        _fixture.Script.Run = async (context, token) => await context.HeartbeatAsync(token) ? ActivityOutcome.Pending : new TransmitReceipt("1");

        await _fixture.RunAsync(_fixture.Request());

        Assert.Equal(AnswerKind.Completed, _fixture.Sink.Answers[^1].Kind);
    }

    [Fact]
    public async Task A_checkpoint_above_the_limit_is_refused_where_it_is_made()
    {
        _fixture.Script.Run = async (context, token) =>
        {
            await context.HeartbeatAsync(new string('x', WireLimits.CheckpointBytes), token);
            return new TransmitReceipt("1");
        };

        await _fixture.RunAsync(_fixture.Request());

        Assert.Contains($"at most {WireLimits.CheckpointBytes}", _fixture.OnlyAnswer.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [Trait("Req", "P6")]
    public async Task The_handler_is_told_to_stop_when_its_start_to_close_deadline_passes(int ticksAround, bool told)
    {
        var token = CancellationToken.None;
        _fixture.Script.Run = (_, handlerToken) =>
        {
            token = handlerToken;
            return _work.Task;
        };
        var finished = _fixture.Accept(_fixture.Request() with { StartToCloseTimeoutMs = 10_000 }).ExecuteAsync();

        _fixture.Time.Advance(TimeSpan.FromSeconds(10) + (ticksAround * Tick));

        Assert.Equal(told, token.IsCancellationRequested);
        _work.SetResult(new TransmitReceipt("1"));
        await finished.WaitAsync(Patience);
    }

    [Fact]
    [Trait("Req", "P6")]
    public async Task A_handler_that_stops_at_its_deadline_leaves_the_timeout_to_the_engine()
    {
        _fixture.Script.Run = async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _fixture.Time, token);
            return ActivityOutcome.Pending;
        };
        var request = _fixture.Request() with { ScheduleToCloseDeadline = _fixture.Time.GetUtcNow().AddMinutes(1), StartToCloseTimeoutMs = 120_000 };
        var finished = _fixture.Accept(request).ExecuteAsync();

        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await finished.WaitAsync(Patience);

        Assert.Equal(AnswerKind.Started, Assert.Single(_fixture.Sink.Answers).Kind);
    }

    [Fact]
    [Trait("Req", "P23")]
    [Trait("Req", "W25")]
    public async Task A_handler_that_heeds_the_stop_of_its_worker_hands_its_attempt_back_with_the_checkpoint()
    {
        using var stopping = new CancellationTokenSource();
        _fixture.Script.Run = async (context, token) =>
        {
            await context.HeartbeatAsync(5, token);
            await Task.Delay(Timeout.InfiniteTimeSpan, _fixture.Time, token);
            return ActivityOutcome.Pending;
        };
        var finished = _fixture.RunAsync(_fixture.Request(), stopping.Token);

        await stopping.CancelAsync();
        await finished.WaitAsync(Patience);

        var released = _fixture.Sink.Answers[^1];
        Assert.Equal((AnswerKind.Released, "5"), (released.Kind, released.Checkpoint?.GetRawText()));
    }

    [Fact]
    [Trait("Req", "P23")]
    public async Task A_handler_that_does_not_listen_is_handed_back_when_the_grace_is_over_and_its_result_is_dropped()
    {
        using var stopping = new CancellationTokenSource();
        using var graceOver = new CancellationTokenSource();
        _fixture.Script.Run = (_, _) => _work.Task;
        var finished = _fixture.Accept(_fixture.Request(), new WorkerStop(stopping.Token, graceOver.Token)).ExecuteAsync();

        await stopping.CancelAsync();
        Assert.False(finished.IsCompleted);
        await graceOver.CancelAsync();
        await finished.WaitAsync(Patience);
        _work.SetResult(new TransmitReceipt("too late"));

        Assert.Equal(AnswerKind.Released, _fixture.OnlyAnswer.Kind);
    }
}
