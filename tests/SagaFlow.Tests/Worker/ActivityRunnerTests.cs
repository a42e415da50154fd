using System.Text;
using System.Text.Json;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed class ActivityRunnerTests : IDisposable
{
    private readonly RunnerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    [Trait("Req", "E1")]
    public async Task One_activity_answers_itself_on_one_attempt_and_leaves_it_to_others_on_the_next()
    {
        _fixture.Script.Run = (context, _) => Task.FromResult<ActivityOutcome<TransmitReceipt>>(
            context.Attempt == 1 ? new TransmitReceipt("000123") : ActivityOutcome.Pending);

        await _fixture.RunAsync(_fixture.Request(attempt: 1));
        await _fixture.RunAsync(_fixture.Request(attempt: 2));

        Assert.Equal([AnswerKind.Completed, AnswerKind.Started], _fixture.Sink.Answers.Select(a => a.Kind));
        Assert.Equal("""{"controlNumber":"000123"}""", _fixture.Sink.Answers[0].Result?.GetRawText());
    }

    [Fact]
    [Trait("Req", "E2")]
    [Trait("Req", "E3")]
    public async Task A_pending_outcome_says_started_and_holds_nothing()
    {
        _fixture.Script.Run = (_, _) => Task.FromResult<ActivityOutcome<TransmitReceipt>>(ActivityOutcome.Pending);
        var run = _fixture.Accept(_fixture.Request());

        await run.ExecuteAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(run.Accepted.IsCompletedSuccessfully);
        Assert.Equal((AnswerKind.Started, 0L), (_fixture.OnlyAnswer.Kind, _fixture.OnlyAnswer.RunningForMs));
    }

    [Fact]
    [Trait("Req", "E17")]
    [Trait("Req", "E28")]
    public async Task The_handler_sees_its_token_its_times_and_how_often_it_was_tried()
    {
        var seen = new List<object?>();
        _fixture.Script.Run = (context, _) =>
        {
            seen.AddRange([
                context.Arguments, context.TaskToken, context.Attempt, context.RetryCount, context.ActivityId, context.WorkflowId,
                context.WorkflowType, context.ScheduledAt, context.StartToCloseDeadline, context.HeartbeatTimeout, context.Checkpoint<int>()]);
            return Task.FromResult<ActivityOutcome<TransmitReceipt>>(ActivityOutcome.Pending);
        };
        var request = _fixture.Request(attempt: 3) with
        {
            StartToCloseTimeoutMs = 10_000,
            HeartbeatTimeoutMs = 1500,
            Checkpoint = JsonElement.Parse("42"),
        };

        await _fixture.RunAsync(request);

        var now = _fixture.Time.GetUtcNow();
        Assert.Equal(
            [
                new TransmitOrder("17"), RunnerFixture.Token, 3, 2, "Transmit-1", request.WorkflowId, "order", now, now.AddSeconds(10),
                TimeSpan.FromSeconds(1.5), 42,
            ],
            seen);
    }

    [Fact]
    [Trait("Req", "E27")]
    public async Task An_unknown_activity_fails_at_once_and_names_the_known_ones()
    {
        await _fixture.RunAsync(_fixture.Request(activity: "ReserveStock"));

        var failure = _fixture.OnlyAnswer.Failure!;
        Assert.Equal(("UnknownActivity", false), (failure.Type, failure.Retryable));
        Assert.Equal(
            "No handler for activity 'ReserveStock' on task queue 'edi'. This worker handles: 'PrintLabel', 'TransmitOrder'.", failure.Message);
    }

    [Theory]
    [InlineData("""{"orderNumber":{"deep":[1]}}""", "'$.orderNumber'")]
    [InlineData("null", "null")]
    [InlineData("[]", "'$'")]
    public async Task Arguments_that_do_not_fit_fail_the_activity_without_calling_the_handler(string arguments, string place)
    {
        await _fixture.RunAsync(_fixture.Request() with { Arguments = JsonElement.Parse(arguments) });

        var failure = _fixture.OnlyAnswer.Failure!;
        Assert.Equal(("InvalidArguments", false), (failure.Type, failure.Retryable));
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _fixture.Script.Calls);
    }

    public static TheoryData<Exception> AnyException => [new InvalidOperationException("The line is busy"), new OperationCanceledException("Not ours")];

    [Theory]
    [MemberData(nameof(AnyException))]
    [Trait("Req", "P16")]
    [Trait("Req", "D10")]
    public async Task Any_exception_ends_the_attempt_as_failed(Exception exception)
    {
        _fixture.Script.Run = (_, _) => throw exception;

        await _fixture.RunAsync(_fixture.Request());

        var failure = _fixture.OnlyAnswer.Failure!;
        Assert.Equal((exception.GetType().Name, exception.Message, true), (failure.Type, failure.Message, failure.Retryable));
    }

    [Fact]
    public async Task A_handler_chooses_its_failure()
    {
        var chosen = ActivityFailure.NonRetryable("PartnerRejected", "GLN unknown") with { NextRetryDelay = TimeSpan.FromSeconds(3) };
        _fixture.Script.Run = (_, _) => throw new ActivityFailureException(chosen);

        await _fixture.RunAsync(_fixture.Request());

        Assert.Equal(chosen, _fixture.OnlyAnswer.Failure);
    }

    [Fact]
    public async Task Long_error_details_are_cut_to_the_limit()
    {
        _fixture.Script.Run = (_, _) => throw new ActivityFailureException(new ActivityFailure("T", "M", new string('x', 100_000)));

        await _fixture.RunAsync(_fixture.Request());

        var details = _fixture.OnlyAnswer.Failure!.Details!;
        Assert.Equal(WireLimits.ErrorTextBytes, Encoding.UTF8.GetByteCount(details));
        Assert.EndsWith("[truncated]", details, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P25")]
    public async Task A_result_above_the_limit_fails_the_activity_with_its_size()
    {
        _fixture.Script.Run = (_, _) => Task.FromResult<ActivityOutcome<TransmitReceipt>>(new TransmitReceipt(new string('x', WireLimits.BodyBytes)));

        await _fixture.RunAsync(_fixture.Request());

        Assert.Equal(("ResultTooLarge", false), (_fixture.OnlyAnswer.Failure!.Type, _fixture.OnlyAnswer.Failure.Retryable));
    }

    [Fact]
    [Trait("Req", "E25")]
    public async Task A_repeated_delivery_of_an_attempt_is_dropped()
    {
        await _fixture.RunAsync(_fixture.Request());
        await _fixture.RunAsync(_fixture.Request());
        await _fixture.RunAsync(_fixture.Request(attempt: 2));

        Assert.Equal(2, _fixture.Script.Calls);
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_is_dropped()
    {
        await _fixture.Runner.RunAsync(new RawMessage { Body = "{ broken"u8.ToArray() }, _fixture.Sink, CancellationToken.None);

        Assert.Empty(_fixture.Sink.Answers);
    }

    [Theory]
    [Trait("Req", "E26")]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task An_answer_is_offered_until_two_minutes_after_the_activity_s_deadline(int ticksPast, bool isOfferedAgain)
    {
        _fixture.Sink.Refusals = 1;
        var request = _fixture.Request() with { ScheduleToCloseDeadline = _fixture.Time.GetUtcNow() };
        var sender = new AnswerSender(request, _fixture.Sink, default, _fixture.Services);
        _fixture.Time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromTicks(ticksPast));

        var sending = sender.SendAsync(() => new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = request.TaskToken });

        Assert.Equal(isOfferedAgain, !sending.IsCompleted);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(isOfferedAgain ? 1 : 0, _fixture.Sink.Answers.Count);
    }

    [Fact]
    [Trait("Req", "E26")]
    public async Task An_answer_that_the_transport_refuses_is_offered_again_until_it_is_taken()
    {
        _fixture.Sink.Refusals = 2;
        var run = _fixture.Accept(_fixture.Request());

        var finished = run.ExecuteAsync();
        await _fixture.Time.TimerWithinAsync(TimeSpan.FromMilliseconds(200));
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(200));
        await _fixture.Time.TimerWithinAsync(TimeSpan.FromMilliseconds(400));
        Assert.False(run.Accepted.IsCompleted);
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(400));
        await finished.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((AnswerKind.Completed, 1), (_fixture.OnlyAnswer.Kind, _fixture.Script.Calls));
    }
}
