using System.Text;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Client;

public sealed class ActivityClientTests
{
    private const string Token = "sf1.k1.AAAA.AAAA";

    private sealed record TransmitReceipt(string ControlNumber);

    [Fact]
    [Trait("Req", "E13")]
    public async Task Completing_sends_one_plain_JSON_answer_and_returns_its_receipt()
    {
        await using var engine = await FakeEngine.StartAsync(Disposition.Applied);

        var receipt = await engine.Activities.CompleteAsync(Token, new TransmitReceipt("000123"));

        var message = Assert.Single(engine.Received);
        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal(
            "{\"kind\":\"completed\",\"taskToken\":\"" + Token + "\",\"messageId\":\"" + message.MessageId
                + "\",\"result\":{\"controlNumber\":\"000123\"}}",
            Encoding.UTF8.GetString(message.Body.Span));
    }

    [Fact]
    [Trait("Req", "E14")]
    public async Task Failing_sends_the_failure_as_a_record()
    {
        await using var engine = await FakeEngine.StartAsync(Disposition.Applied);

        await engine.Activities.FailAsync(Token, ActivityFailure.NonRetryable("PartnerRejected", "GLN unknown"));

        Assert.True(WireJson.TryReadAnswer(Assert.Single(engine.Received).Body, out var answer, out _));
        Assert.Equal(AnswerKind.Failed, answer.Kind);
        Assert.Equal(ActivityFailure.NonRetryable("PartnerRejected", "GLN unknown"), answer.Failure);
    }

    [Fact]
    [Trait("Req", "E11")]
    public async Task Each_verb_sends_its_kind()
    {
        await using var engine = await FakeEngine.StartAsync(Disposition.Applied);

        await engine.Activities.StartedAsync(Token);
        await engine.Activities.HeartbeatAsync(Token, new { percent = 40 });
        await engine.Activities.HeartbeatAsync(Token, CancellationToken.None);
        await engine.Activities.CanceledAsync(Token);
        await engine.Activities.ReleasedAsync(Token);

        Assert.Equal(
            [AnswerKind.Started, AnswerKind.Heartbeat, AnswerKind.Heartbeat, AnswerKind.Canceled, AnswerKind.Released],
            engine.Received.Select(Read).Select(answer => answer.Kind));
        Assert.Equal(["{\"percent\":40}", null], engine.Received.Skip(1).Take(2).Select(m => Read(m).Checkpoint?.GetRawText()));
    }

    [Fact]
    [Trait("Req", "E19")]
    public async Task A_race_lost_is_a_disposition_and_no_exception()
    {
        await using var engine = await FakeEngine.StartAsync(
            _ => WireJson.Write(new Receipt(Disposition.ActivityClosed, "Completed before", CurrentAttempt: 2, CancelRequested: true)));

        var receipt = await engine.Activities.HeartbeatAsync(Token);

        Assert.Equal(new Receipt(Disposition.ActivityClosed, "Completed before", 2, true), receipt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sf1.k1.AAAA")]
    [InlineData("AAAA")]
    [Trait("Req", "P4")]
    [Trait("Req", "E12")]
    public async Task Something_that_is_no_token_is_refused_before_anything_is_sent(string token)
    {
        await using var engine = await FakeEngine.StartAsync(Disposition.Applied);

        await Assert.ThrowsAsync<MalformedTaskTokenException>(() => engine.Activities.HeartbeatAsync(token));
        await engine.Activities.HeartbeatAsync(Token);

        Assert.Single(engine.Received);
    }

    [Fact]
    public async Task An_answer_without_receipt_is_sent_again_with_the_same_id()
    {
        var time = new ManualTimeProvider();
        var calls = 0;
        await using var engine = await FakeEngine.StartAsync(
            _ => Interlocked.Increment(ref calls) == 1 ? null : WireJson.Write(new Receipt(Disposition.Duplicate)), time);

        var answering = engine.Activities.CompleteAsync(Token, 1);
        await time.TimerWithinAsync(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        var receipt = await answering.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(Disposition.Duplicate, receipt.Disposition);
        Assert.Equal(2, engine.Received.Count);
        Assert.Single(engine.Received.Select(m => (m.MessageId, Encoding.UTF8.GetString(m.Body.Span))).Distinct());
    }

    [Fact]
    public async Task A_call_ends_at_its_deadline_when_no_engine_answers()
    {
        var time = new ManualTimeProvider();
        await using var engine = await FakeEngine.StartAsync(_ => null, time);

        var answering = engine.Activities.CompleteAsync(Token, 1);
        while (!answering.IsCompleted)
        {
            await Task.WhenAny(time.TimerWithinAsync(TimeSpan.FromSeconds(5)), answering);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        var exception = await Assert.ThrowsAsync<ReceiptTimeoutException>(() => answering);
        Assert.Equal(TimeSpan.FromSeconds(45), exception.Timeout);
        Assert.DoesNotContain(Token, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting_as_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        await using var engine = await FakeEngine.StartAsync(_ => null, new ManualTimeProvider());

        var answering = engine.Activities.CompleteAsync(Token, 1, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }

    [Fact]
    [Trait("Req", "M21")]
    public async Task A_call_says_in_whose_trace_it_is_made()
    {
        await using var engine = await FakeEngine.StartAsync(Disposition.Applied);
        using var caller = new System.Diagnostics.Activity("caller").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();

        await engine.Activities.CompleteAsync(Token, 1);

        Assert.Equal(caller.Id, Assert.Single(engine.Received).Headers["traceparent"]);
    }

    [Fact]
    [Trait("Req", "P25")]
    public async Task A_result_above_the_limit_is_refused_with_its_size()
    {
        await using var engine = await FakeEngine.StartAsync(Disposition.Applied);

        var exception = await Assert.ThrowsAsync<SagaFlowException>(
            () => engine.Activities.CompleteAsync(Token, new string('x', WireLimits.BodyBytes)));

        Assert.Contains($"at most {WireLimits.BodyBytes}", exception.Message, StringComparison.Ordinal);
        Assert.Empty(engine.Received);
    }

    [Fact]
    [Trait("Req", "P25")]
    public async Task A_checkpoint_above_its_limit_is_refused_with_its_size()
    {
        await using var engine = await FakeEngine.StartAsync(Disposition.Applied);

        await engine.Activities.HeartbeatAsync(Token, new string('x', WireLimits.CheckpointBytes - 2));
        var exception = await Assert.ThrowsAsync<SagaFlowException>(
            () => engine.Activities.HeartbeatAsync(Token, new string('x', WireLimits.CheckpointBytes - 1)));

        Assert.Contains($"checkpoint has {WireLimits.CheckpointBytes + 1} bytes; at most {WireLimits.CheckpointBytes}", exception.Message, StringComparison.Ordinal);
        Assert.Single(engine.Received);
    }

    private static ActivityAnswer Read(SagaFlow.Client.Bus.RawMessage message) =>
        WireJson.TryReadAnswer(message.Body, out var answer, out var problem) ? answer : throw new InvalidOperationException(problem.Detail);
}
