using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>What leaves of the heartbeats that a handler gives, for a heartbeat timeout of 10 seconds: one in 8 seconds.</summary>
public sealed class HeartbeatThrottleTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly RunnerFixture _fixture = new();
    private readonly TaskCompletionSource<ActivityOutcome<TransmitReceipt>> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActivityExecutionContext _context = null!;
    private CancellationToken _token;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    [Trait("Req", "T8")]
    [Trait("Req", "P7")]
    public async Task The_first_leaves_at_once_and_of_the_following_the_newest_at_the_end_of_the_interval()
    {
        var finished = Start();
        for (var i = 1; i <= 100; i++)
        {
            await _context.HeartbeatAsync(i);
        }

        _fixture.Time.Advance(Interval - Tick);
        var before = Checkpoints();
        _fixture.Time.Advance(Tick);

        Assert.Equal(["1"], before);
        Assert.Equal(["1", "100"], Checkpoints());
        await EndAsync(finished);
    }

    [Fact]
    [Trait("Req", "P7")]
    public async Task Setting_the_time_of_day_back_holds_no_heartbeat_back()
    {
        var finished = Start();
        await _context.HeartbeatAsync(1);
        _fixture.Time.SetTimeOfDay(TimeSpan.FromHours(-1));
        _fixture.Time.Advance(Interval);

        await _context.HeartbeatAsync(2);

        Assert.Equal(["1", "2"], Checkpoints());
        await EndAsync(finished);
    }

    [Fact]
    [Trait("Req", "T8")]
    public async Task One_that_comes_after_the_interval_leaves_at_once()
    {
        var finished = Start();
        await _context.HeartbeatAsync(1);
        _fixture.Time.Advance(Interval);

        await _context.HeartbeatAsync(2);

        Assert.Equal(["1", "2"], Checkpoints());
        await EndAsync(finished);
    }

    [Theory]
    [InlineData(10_000, 30, 8)]
    [InlineData(60_000, 30, 30)]
    [InlineData(null, 30, 30)]
    [InlineData(10_000, 2, 2)]
    public async Task The_interval_is_a_share_of_the_window_capped_by_the_option(int? timeoutMs, int optionSeconds, int expectedSeconds)
    {
        using var fixture = new RunnerFixture(options => options.MaximumHeartbeatInterval = TimeSpan.FromSeconds(optionSeconds));
        ActivityExecutionContext context = null!;
        fixture.Script.Run = (given, _) => (context = given, _work.Task).Item2;
        var finished = fixture.Accept(fixture.Request() with { HeartbeatTimeoutMs = timeoutMs }).ExecuteAsync();
        await context.HeartbeatAsync(1);
        await context.HeartbeatAsync(2);

        fixture.Time.Advance(TimeSpan.FromSeconds(expectedSeconds) - Tick);
        var before = fixture.Sink.Answers.Count(x => x.Kind == AnswerKind.Heartbeat);
        fixture.Time.Advance(Tick);

        Assert.Equal((1, 2), (before, fixture.Sink.Answers.Count(x => x.Kind == AnswerKind.Heartbeat)));
        await EndAsync(finished);
    }

    [Fact]
    [Trait("Req", "P7")]
    public async Task A_sign_of_life_without_a_checkpoint_does_not_lose_the_one_that_is_held_back()
    {
        var finished = Start();
        await _context.HeartbeatAsync(1);
        await _context.HeartbeatAsync(2);
        await _context.HeartbeatAsync();

        _fixture.Time.Advance(Interval);

        Assert.Equal(["1", "2"], Checkpoints());
        Assert.Equal(3, Heartbeats()[^1].Sequence);
        await EndAsync(finished);
    }

    [Fact]
    [Trait("Req", "P7")]
    [Trait("Req", "E21")]
    public async Task A_failure_carries_the_checkpoint_that_was_held_back()
    {
        var finished = Start();
        await _context.HeartbeatAsync(1);
        await _context.HeartbeatAsync(2);

        _work.SetException(new InvalidOperationException("The line broke"));
        await finished.WaitAsync(Patience);

        var failed = _fixture.Sink.Answers[^1];
        Assert.Equal((AnswerKind.Failed, "2"), (failed.Kind, failed.Checkpoint?.GetRawText()));
        Assert.Equal(["1"], Checkpoints());
    }

    [Fact]
    [Trait("Req", "P7")]
    public async Task A_handler_that_leaves_the_answer_to_others_leaves_its_last_checkpoint_too()
    {
        var finished = Start();
        await _context.HeartbeatAsync(1);
        await _context.HeartbeatAsync(2);

        _work.SetResult(ActivityOutcome.Pending);
        await finished.WaitAsync(Patience);

        Assert.Equal(["1", "2"], Checkpoints());
    }

    [Fact]
    [Trait("Req", "P7")]
    public async Task A_heartbeat_that_no_engine_took_is_offered_again_within_the_window()
    {
        _fixture.Sink.HeartbeatReceipt = null;
        var finished = Start();
        await _context.HeartbeatAsync(1);
        _fixture.Sink.HeartbeatReceipt = new Receipt(Disposition.Applied);

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["1", "1"], Checkpoints());
        _fixture.Time.Advance(Interval - Tick);
        Assert.Equal(2, Heartbeats().Count);
        await EndAsync(finished);
    }

    [Theory]
    [Trait("Req", "P6")]
    [Trait("Req", "E10")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task A_handler_that_never_gives_a_heartbeat_is_told_to_stop_when_its_window_has_passed(int ticksAround, bool told)
    {
        var finished = Start();

        _fixture.Time.Advance(TimeSpan.FromSeconds(10) + (ticksAround * Tick));

        Assert.Equal(told, _token.IsCancellationRequested);
        await EndAsync(finished);
    }

    [Fact]
    [Trait("Req", "P6")]
    public async Task Each_accepted_heartbeat_opens_a_new_window()
    {
        var finished = Start();
        _fixture.Time.Advance(TimeSpan.FromSeconds(9));
        await _context.HeartbeatAsync();

        _fixture.Time.Advance(TimeSpan.FromSeconds(10) - Tick);
        var before = _token.IsCancellationRequested;
        _fixture.Time.Advance(Tick);

        Assert.False(before);
        Assert.True(_token.IsCancellationRequested);
        await EndAsync(finished);
    }

    [Fact]
    [Trait("Req", "P6")]
    public async Task Heartbeats_that_no_engine_takes_leave_the_window_as_it_is()
    {
        _fixture.Sink.HeartbeatReceipt = null;
        var finished = Start();
        for (var second = 0; second < 10; second++)
        {
            await _context.HeartbeatAsync(second);
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(_token.IsCancellationRequested);
        Assert.False(_context.CancelRequested);
        await EndAsync(finished);
    }

    [Fact]
    [Trait("Req", "P6")]
    public async Task A_handler_that_stops_with_its_window_leaves_the_timeout_to_the_engine()
    {
        _fixture.Sink.HeartbeatReceipt = null;
        var finished = Start();
        await _context.HeartbeatAsync(5);
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));

        _work.SetCanceled(_token);
        await finished.WaitAsync(Patience);

        Assert.DoesNotContain(_fixture.Sink.Answers, x => x.Kind is AnswerKind.Failed or AnswerKind.Canceled or AnswerKind.Released);
    }

    private Task Start()
    {
        _fixture.Script.Run = (context, token) =>
        {
            (_context, _token) = (context, token);
            return _work.Task;
        };
        return _fixture.Accept(_fixture.Request() with { HeartbeatTimeoutMs = 10_000 }).ExecuteAsync();
    }

    private async Task EndAsync(Task finished)
    {
        _work.TrySetResult(new TransmitReceipt("1"));
        await finished.WaitAsync(Patience);
    }

    private List<ActivityAnswer> Heartbeats() => [.. _fixture.Sink.Answers.Where(x => x.Kind == AnswerKind.Heartbeat)];

    private IEnumerable<string?> Checkpoints() => Heartbeats().Select(x => x.Checkpoint?.GetRawText());
}
