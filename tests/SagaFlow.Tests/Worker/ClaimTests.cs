using SagaFlow.Contracts;
using SagaFlow.Testing;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>One request, delivered to two workers that know nothing of each other.</summary>
[Trait("Req", "E25")]
public sealed class ClaimTests : IDisposable
{
    // Other tests measure at the same time: only what this type of workflow brought about counts.
    private const string Type = "claimed-transfer";

    private readonly RunnerFixture _first = new(claims: true);
    private readonly RunnerFixture _second = new(claims: true);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task A_request_that_two_workers_get_is_run_by_the_one_that_claims_it_first()
    {
        await using var flow = await StartAsync();
        var transfer = await flow.StartAsync(new TransferWanted("T-1"));
        using var measured = new Measurements(Type);

        var work = new TaskCompletionSource<ActivityOutcome<TransmitReceipt>>();
        _first.Script.Run = (_, _) => work.Task;
        var sink = new GateSink(flow.Engine.Get<AnswerGate>());
        var request = transfer.Activity("TransmitOrder").Request;

        var first = _first.Accept(request, sink).ExecuteAsync();
        await _second.Accept(request, sink).ExecuteAsync();
        Assert.False(first.IsCompleted);
        work.SetResult(new TransmitReceipt("000123"));
        await first;

        Assert.Equal((1, 0), (_first.Script.Calls, _second.Script.Calls));
        Assert.Equal([1.0], measured.Of("sagaflow.worker.claims_rejected", "activity=TransmitOrder"));
        Assert.Equal([0.0], measured.Of("sagaflow.worker.claim.duration", "outcome=granted"));
        Assert.Equal([0.0], measured.Of("sagaflow.worker.claim.duration", "outcome=rejected"));
        Assert.Equal("000123", (await transfer.ShouldBeCompletedAsync<TransmitReceipt>()).ControlNumber);
    }

    [Fact]
    public async Task Workers_that_do_not_claim_may_both_run_and_one_result_applies()
    {
        using var first = new RunnerFixture();
        using var second = new RunnerFixture();
        second.Script.Run = (_, _) => Task.FromResult<ActivityOutcome<TransmitReceipt>>(new TransmitReceipt("000999"));
        await using var flow = await StartAsync();
        var transfer = await flow.StartAsync(new TransferWanted("T-1"));

        await DeliverAsync(flow, transfer.Activity("TransmitOrder").Request, first, second);

        Assert.Equal((1, 1), (first.Script.Calls, second.Script.Calls));
        Assert.Equal("000123", (await transfer.ShouldBeCompletedAsync<TransmitReceipt>()).ControlNumber);
        Assert.Single(await transfer.HistoryAsync(), x => x.Kind == "ActivityCompleted");
    }

    [Fact]
    public async Task A_new_attempt_is_free_to_be_claimed_by_anybody()
    {
        await using var flow = await StartAsync();
        var transfer = await flow.StartAsync(new TransferWanted("T-1"));
        _first.Script.Run = (_, _) => throw new InvalidOperationException("The line is down");

        await DeliverAsync(flow, transfer.Activity("TransmitOrder").Request, _first);
        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));
        await DeliverAsync(flow, transfer.Activity("TransmitOrder").Request, _second);

        Assert.Equal((1, 1), (_first.Script.Calls, _second.Script.Calls));
        await transfer.ShouldBeCompletedAsync<TransmitReceipt>();
    }

    [Fact]
    public async Task An_attempt_whose_claim_got_no_receipt_is_handed_back_and_the_next_one_is_handed_out()
    {
        await using var flow = await StartAsync();
        var transfer = await flow.StartAsync(new TransferWanted("T-1"));
        var request = transfer.Activity("TransmitOrder").Request;
        var lossy = new GateSink(flow.Engine.Get<AnswerGate>()) { ReceiptsLost = 1 };

        var unaccepted = () => _first.Runner.RunAsync(RunnerFixture.Delivery(request), lossy, CancellationToken.None);
        await Assert.ThrowsAsync<TimeoutException>(unaccepted);
        Assert.Equal(0, _first.Script.Calls);
        await _first.Runner.RunAsync(RunnerFixture.Delivery(request), lossy, CancellationToken.None);
        Assert.Equal(0, _first.Script.Calls);
        await flow.RunUntilIdleAsync();
        await DeliverAsync(flow, transfer.Activity("TransmitOrder").Request, _second);

        Assert.Equal((0, 1), (_first.Script.Calls, _second.Script.Calls));
        Assert.Single(await transfer.HistoryAsync(), x => x.Kind == "AttemptReleased");
        await transfer.ShouldBeCompletedAsync<TransmitReceipt>();
    }

    [Fact]
    public async Task A_claim_without_a_receipt_does_not_hand_back_what_another_has_taken()
    {
        await using var flow = await StartAsync();
        var transfer = await flow.StartAsync(new TransferWanted("T-1"));
        var request = transfer.Activity("TransmitOrder").Request;
        var work = new TaskCompletionSource<ActivityOutcome<TransmitReceipt>>();
        _first.Script.Run = (_, _) => work.Task;
        var first = _first.Accept(request, new GateSink(flow.Engine.Get<AnswerGate>())).ExecuteAsync();

        var lossy = new GateSink(flow.Engine.Get<AnswerGate>()) { ReceiptsLost = 1 };
        await Assert.ThrowsAsync<TimeoutException>(() => _second.Runner.RunAsync(RunnerFixture.Delivery(request), lossy, CancellationToken.None));
        work.SetResult(new TransmitReceipt("000123"));
        await first;

        Assert.Equal("000123", (await transfer.ShouldBeCompletedAsync<TransmitReceipt>()).ControlNumber);
    }

    [Fact]
    public async Task A_late_delivery_of_an_attempt_does_not_claim_the_next_one_by_the_token_they_share()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<SharedTransferWorkflow, TransferInstance>("shared-transfer"));
        var transfer = await flow.StartAsync(new TransferWanted("T-1"));
        var late = transfer.Activity("TransmitOrder").Request;
        await transfer.Activity("TransmitOrder").FailAsync("Busy", "The line is busy");
        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));
        var sink = new GateSink(flow.Engine.Get<AnswerGate>());

        await _first.Accept(late, sink).ExecuteAsync();
        await _second.Accept(transfer.Activity("TransmitOrder").Request, sink).ExecuteAsync();

        Assert.Equal((0, 1), (_first.Script.Calls, _second.Script.Calls));
        await transfer.ShouldBeCompletedAsync<TransmitReceipt>();
    }

    [Fact]
    public async Task A_claim_that_is_granted_to_an_activity_which_is_to_stop_runs_nothing()
    {
        _first.Sink.ClaimReceipt = new Receipt(Disposition.Applied, CancelRequested: true);

        await _first.RunAsync(_first.Request());

        Assert.Equal(0, _first.Script.Calls);
        Assert.Equal([AnswerKind.Started, AnswerKind.Canceled], _first.Sink.Answers.Select(x => x.Kind));
    }

    [Fact]
    public async Task A_worker_that_stops_while_it_waits_for_its_claim_hands_the_attempt_back()
    {
        using var over = new CancellationTokenSource();
        var sink = new SilentSink();
        var run = _first.Runner.Accept(RunnerFixture.Delivery(_first.Request()), sink, new WorkerStop(over.Token, over.Token))!.ExecuteAsync();

        await over.CancelAsync();
        await run;

        var released = Assert.Single(sink.Answers);
        Assert.Equal((AnswerKind.Released, 1), (released.Kind, released.Attempt));
        Assert.NotNull(released.ClaimId);
        Assert.Equal(0, _first.Script.Calls);
    }

    [Fact]
    public async Task An_attempt_that_somebody_started_without_a_claim_is_not_granted()
    {
        await using var flow = await StartAsync();
        var transfer = await flow.StartAsync(new TransferWanted("T-1"));
        await transfer.Activity("TransmitOrder").StartedAsync();

        await DeliverAsync(flow, transfer.Activity("TransmitOrder").Request, _first);

        Assert.Equal(0, _first.Script.Calls);
    }

    [Fact]
    public async Task A_claimed_attempt_that_stays_open_is_said_to_be_started_once()
    {
        _first.Script.Run = (_, _) => Task.FromResult<ActivityOutcome<TransmitReceipt>>(ActivityOutcome.Pending);

        await _first.RunAsync(_first.Request());

        Assert.Equal(AnswerKind.Started, _first.OnlyAnswer.Kind);
        Assert.NotNull(_first.OnlyAnswer.ClaimId);
    }

    private static Task<SagaFlowHarness<TransferWorkflow, TransferInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<TransferWorkflow, TransferInstance>(Type));

    private static async Task DeliverAsync(
        SagaFlowHarness<TransferWorkflow, TransferInstance> flow, ActivityRequest request, params RunnerFixture[] workers)
    {
        var sink = new GateSink(flow.Engine.Get<AnswerGate>());
        var running = workers.Select(x => x.Accept(request, sink)).ToList();
        foreach (var run in running)
        {
            await run.ExecuteAsync();
            await run.Accepted;
        }

        await flow.RunUntilIdleAsync();
    }

    /// <summary>Waits for receipts that never come.</summary>
    private sealed class SilentSink : IAnswerSink
    {
        public List<ActivityAnswer> Answers { get; } = [];

        public Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken)
        {
            Answers.Add(answer);
            return Task.CompletedTask;
        }

        public Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken) =>
            Task.FromResult<Receipt?>(null);

        public async Task<Receipt?> ClaimAsync(ActivityAnswer claim, AnswerAddress answerTo, CancellationToken cancellationToken)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return null;
        }
    }

    /// <summary>Gives answers to a harness's engine at once; the first few receipts get lost when told so.</summary>
    private sealed class GateSink(AnswerGate gate) : IAnswerSink
    {
        public int ReceiptsLost { get; set; }

        public Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken) => gate.SendAsync(answer);

        public async Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken) =>
            await gate.SendAsync(heartbeat);

        public async Task<Receipt?> ClaimAsync(ActivityAnswer claim, AnswerAddress answerTo, CancellationToken cancellationToken)
        {
            var receipt = await gate.SendAsync(claim);
            return ReceiptsLost-- > 0 ? null : receipt;
        }
    }
}
