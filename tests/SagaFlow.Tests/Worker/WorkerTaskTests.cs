using System.Text.Json;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed class WorkerTaskTests
{
    [Fact]
    [Trait("Req", "W6")]
    public async Task A_task_is_told_in_order_from_its_arrival_to_its_end()
    {
        await using var fixture = await WorkerFixture.StartAsync();

        await fixture.RunAsync();

        Assert.Equal(["RequestReceived", "AttemptStarted", "AttemptCompleted", "AttemptDone"], fixture.Events.OfAttempts);
        Assert.Null(Assert.Single(fixture.Events.Of<RequestReceived>()).Attempt);
        var started = Assert.Single(fixture.Events.Of<AttemptStarted>());
        Assert.Equal(("TransmitOrder", "Transmit-1", 1), (started.Attempt!.Activity, started.Attempt.ActivityId, started.Attempt.Attempt));
        Assert.Equal((fixture.Worker.Pools[0].Workers[0], "edi", fixture.Time.GetUtcNow()), (started.Worker, started.TaskQueue, started.At));
    }

    [Fact]
    [Trait("Req", "W7")]
    [Trait("Req", "W20")]
    public async Task An_exception_fails_its_attempt_and_nothing_else()
    {
        var error = new InvalidOperationException("The partner is gone");
        await using var fixture = await WorkerFixture.StartAsync();
        var worker = fixture.Worker.Pools[0].Workers[0];
        fixture.Script.Run = (context, _) => context.Attempt == 1 ? throw error : Task.FromResult<ActivityOutcome<TransmitReceipt>>(new TransmitReceipt("2"));

        var first = await fixture.RunAsync();
        var second = await fixture.RunAsync(fixture.Request(attempt: 2));

        Assert.Equal(
            ["RequestReceived", "AttemptStarted", "AttemptErrored", "AttemptFailed", "AttemptDone"], fixture.Events.OfAttempts.Take(5));
        Assert.Equal((AttemptEnd.Failed, "InvalidOperationException", error), (first.End, first.Failure!.Type, first.Error));
        Assert.Equal((AttemptEnd.Completed, worker), (second.End, second.Worker));
        Assert.Empty(fixture.Events.Of<WorkerStopped>());
    }

    [Fact]
    [Trait("Req", "W7")]
    [Trait("Req", "W8")]
    public async Task A_request_that_is_no_JSON_never_reaches_the_handler()
    {
        await using var fixture = await WorkerFixture.StartAsync();

        fixture.Slots.Deliver(new SagaFlow.Client.Bus.RawMessage { Body = "{\"taskToken\":"u8.ToArray(), MessageId = "m-1" });
        await fixture.Events.CountsAsync<AttemptDone>(1);

        Assert.Equal(["RequestReceived", "RequestDropped", "AttemptDone"], fixture.Events.OfAttempts);
        Assert.Equal(("m-1", 0), (fixture.Events.Of<RequestReceived>()[0].MessageId, fixture.Script.Calls));
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Slots.Acknowledged == 1));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"orderNumber":17}""")]
    [Trait("Req", "W8")]
    public async Task Arguments_that_do_not_fit_are_answered_as_invalid_and_never_reach_the_handler(string arguments)
    {
        await using var fixture = await WorkerFixture.StartAsync();

        var done = await fixture.RunAsync(fixture.Request() with { Arguments = JsonElement.Parse(arguments) });

        Assert.Equal((AttemptEnd.Failed, "InvalidArguments", false), (done.End, done.Failure!.Type, done.Failure.Retryable));
        Assert.Equal(["RequestReceived", "AttemptFailed", "AttemptDone"], fixture.Events.OfAttempts);
        Assert.Equal(0, fixture.Script.Calls);
    }

    [Fact]
    [Trait("Req", "W9")]
    [Trait("Req", "W14")]
    public async Task A_handler_gets_the_request_parsed_and_raw_and_the_means_to_answer_it()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        var seen = new List<string>();
        fixture.Script.Run = async (context, _) =>
        {
            seen.AddRange([context.Arguments.OrderNumber, context.RawArguments.GetRawText(), context.TaskToken]);
            await context.HeartbeatAsync(1, CancellationToken.None);
            await context.CompleteAsync(new TransmitReceipt("by hand"));
            return ActivityOutcome.Pending;
        };

        var done = await fixture.RunAsync(fixture.Request() with { HeartbeatTimeoutMs = 60_000 });

        Assert.Equal(["17", """{"orderNumber":"17"}""", RunnerFixture.Token], seen);
        Assert.Equal(AttemptEnd.Completed, done.End);
        var answer = Assert.Single(fixture.Sink.Answers, x => x.Kind == AnswerKind.Completed);
        Assert.Equal((RunnerFixture.Token, """{"controlNumber":"by hand"}"""), (answer.TaskToken, answer.Result?.GetRawText()));
        Assert.DoesNotContain(typeof(ActivityExecutionContext<>).GetProperties(), x => x.CanWrite);
    }

    [Fact]
    [Trait("Req", "W10")]
    public async Task A_handler_that_returns_without_an_answer_is_a_failure_that_says_so()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Script.Run = (context, _) => context.Attempt == 1 ? Task.FromResult(default(ActivityOutcome<TransmitReceipt>)) : null!;

        var unset = await fixture.RunAsync();
        var noTask = await fixture.RunAsync(fixture.Request(attempt: 2));

        Assert.All([unset, noTask], done => Assert.Equal((AttemptEnd.Failed, "NoAnswer", false), (done.End, done.Failure!.Type, done.Failure.Retryable)));
    }

    [Fact]
    [Trait("Req", "W10")]
    public async Task A_handler_that_says_pending_ends_without_an_answer()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Script.Run = (_, _) => Task.FromResult<ActivityOutcome<TransmitReceipt>>(ActivityOutcome.Pending);

        var done = await fixture.RunAsync();

        Assert.Equal(AttemptEnd.Pending, done.End);
        Assert.Equal(["RequestReceived", "AttemptStarted", "AttemptPending", "AttemptDone"], fixture.Events.OfAttempts);
        Assert.Equal(AnswerKind.Started, Assert.Single(fixture.Sink.Answers).Kind);
    }

    [Fact]
    [Trait("Req", "W11")]
    public async Task A_second_answer_is_an_error_that_shows_the_first()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        string? shown = null;
        fixture.Script.Run = async (context, _) =>
        {
            await context.CompleteAsync(new TransmitReceipt("first"));
            try
            {
                await context.FailAsync(new ActivityFailure("Second", "It comes too late"));
            }
            catch (AlreadyAnsweredException exception)
            {
                shown = exception.FirstResult;
                throw;
            }

            return ActivityOutcome.Pending;
        };

        var done = await fixture.RunAsync();

        var error = Assert.IsType<AlreadyAnsweredException>(done.Error);
        Assert.Equal((AnswerKind.Completed, """{"controlNumber":"first"}"""), (error.FirstKind, shown));
        Assert.Equal(AttemptEnd.Completed, done.End);
        Assert.Equal(AnswerKind.Completed, Assert.Single(fixture.Sink.Answers).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Req", "W11")]
    [Trait("Req", "W7")]
    public async Task What_observers_are_told_of_a_second_answer_holds_no_result(bool isWrapped)
    {
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Script.Run = async (context, _) =>
        {
            await context.CompleteAsync(new TransmitReceipt("secret"));
            try
            {
                await context.CompleteAsync(new TransmitReceipt("other"));
            }
            catch (AlreadyAnsweredException exception) when (isWrapped)
            {
                throw new AggregateException(new TimeoutException(), new InvalidOperationException("Odd", exception));
            }

            return ActivityOutcome.Pending;
        };

        var done = await fixture.RunAsync();

        var errored = Assert.Single(fixture.Events.Of<AttemptErrored>());
        Assert.Same(done.Error, errored.Error);
        var answered = Assert.IsType<AlreadyAnsweredException>(
            isWrapped ? ((AggregateException)errored.Error).InnerExceptions[1].InnerException : errored.Error);
        Assert.Equal((AnswerKind.Completed, null), (answered.FirstKind, answered.FirstResult));
        Assert.DoesNotContain("secret", errored.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Req", "W13")]
    [Trait("Req", "E14")]
    public async Task A_failure_carries_the_stack_of_its_exception_only_where_the_worker_is_told_to(bool sendsStackTraces)
    {
        await using var fixture = await WorkerFixture.StartAsync(options => options.SendsStackTraces = sendsStackTraces);
        fixture.Script.Run = (_, _) => throw new InvalidOperationException("The line is busy", new TimeoutException("No answer"));

        var failure = (await fixture.RunAsync()).Failure!;

        Assert.Equal(("InvalidOperationException", "The line is busy"), (failure.Type, failure.Message));
        Assert.Contains("TimeoutException: No answer", failure.Details, StringComparison.Ordinal);
        Assert.Equal(sendsStackTraces, failure.Details!.Contains(nameof(WorkerTaskTests), StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Req", "W11")]
    public async Task A_result_after_an_answer_is_not_sent_and_is_an_error_that_shows_the_answer()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Script.Run = async (context, _) =>
        {
            await context.FailAsync(new ActivityFailure("PartnerRejected", "GLN unknown"));
            return new TransmitReceipt("second");
        };

        var done = await fixture.RunAsync();

        var error = Assert.IsType<AlreadyAnsweredException>(done.Error);
        Assert.Equal("PartnerRejected", error.FirstFailure!.Type);
        Assert.Contains("PartnerRejected", error.Message, StringComparison.Ordinal);
        Assert.Equal((AttemptEnd.Failed, AnswerKind.Failed), (done.End, Assert.Single(fixture.Sink.Answers).Kind));
    }

    [Fact]
    [Trait("Req", "W12")]
    public async Task An_answer_counts_as_sent_only_when_the_broker_has_accepted_it()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Sink.Refusals = 1;

        fixture.Slots.Deliver(RunnerFixture.Delivery(fixture.Request()));
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Sink.Refusals < 1));
        await fixture.Time.TimerWithinAsync(TimeSpan.FromMilliseconds(200));
        var early = (fixture.Events.Of<AttemptCompleted>().Count, fixture.Slots.Acknowledged);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(200));
        await fixture.Events.CountsAsync<AttemptDone>(1);

        Assert.Equal((0, 0), early);
        Assert.Single(fixture.Events.Of<AttemptCompleted>());
    }

    [Fact]
    [Trait("Req", "W13")]
    public async Task A_handler_may_heartbeat_often_and_its_failure_has_a_code_and_a_detail()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        fixture.Script.Run = async (context, token) =>
        {
            for (var i = 0; i < 7; i++)
            {
                await context.HeartbeatAsync(token);
            }

            throw new ActivityFailureException(new ActivityFailure("PartnerRejected", "GLN unknown"));
        };

        var done = await fixture.RunAsync();

        Assert.Equal(7, fixture.Events.Of<AttemptHeartbeat>().Count);
        Assert.Equal(("PartnerRejected", "GLN unknown"), (done.Failure!.Type, done.Failure.Message));
        Assert.Empty(fixture.Events.Of<AttemptErrored>());
    }
}
