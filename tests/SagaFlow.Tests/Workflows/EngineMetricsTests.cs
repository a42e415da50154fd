using SagaFlow.Contracts;
using SagaFlow.Testing;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Workflows;

public sealed class EngineMetricsTests
{
    // Other tests measure at the same time: only what this type of workflow brought about counts.
    private const string Type = "measured-letter";

    [Fact]
    [Trait("Req", "E29")]
    [Trait("Req", "T15")]
    public async Task An_activity_s_waits_runs_and_result_are_measured()
    {
        using var measured = new Measurements(Type);
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CourierWorkflow, CourierInstance>(Type));
        var letter = await flow.StartAsync(new LetterPosted("L-1"));
        var deliver = letter.Activity("Deliver");

        await flow.AdvanceAsync(TimeSpan.FromSeconds(7));
        await deliver.StartedAsync();
        await flow.AdvanceAsync(TimeSpan.FromSeconds(20));
        await deliver.FailAsync("NobodyAtHome", "The bell was not answered");
        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));
        await flow.AdvanceAsync(TimeSpan.FromSeconds(3));
        await deliver.CompleteAsync("ok");

        Assert.Equal([7.0, 3.0], measured.Of("sagaflow.activity.schedule_to_start", "activity=Deliver", "task_queue=couriers"));
        Assert.Equal([20.0], measured.Of("sagaflow.activity.attempt.duration", "activity=Deliver", "outcome=failed"));
        Assert.Equal([0.0], measured.Of("sagaflow.activity.attempt.duration", "activity=Deliver", "outcome=completed"));
        Assert.Equal([90.0], measured.Of("sagaflow.activity.duration", "activity=Deliver", "outcome=completed"));
        Assert.Equal([90.0], measured.Of("sagaflow.activity.duration", "activity=Track", "outcome=canceled"));
        Assert.Equal([4.0], measured.Of("sagaflow.activity.result.size", "activity=Deliver"));
    }

    [Fact]
    [Trait("Req", "E29")]
    public async Task An_end_between_two_attempts_measures_no_run_twice()
    {
        using var measured = new Measurements(Type);
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CourierWorkflow, CourierInstance>(Type));
        var letter = await flow.StartAsync(new LetterPosted("L-2"));
        await letter.Activity("Track").StartedAsync();
        await flow.AdvanceAsync(TimeSpan.FromSeconds(11));

        await letter.Activity("Track").FailAsync("NoSignal", "The tracker is silent");
        await letter.Activity("Deliver").CompleteAsync("ok");

        Assert.Equal([11.0], measured.Of("sagaflow.activity.attempt.duration", "activity=Track"));
        Assert.Equal([11.0], measured.Of("sagaflow.activity.duration", "activity=Track", "outcome=canceled"));
    }

    [Fact]
    [Trait("Req", "P10")]
    public async Task Answers_are_counted_by_what_became_of_them()
    {
        using var measured = new Measurements(type: null);
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CourierWorkflow, CourierInstance>(Type));
        var letter = await flow.StartAsync(new LetterPosted("L-3"));

        await letter.Activity("Deliver").CompleteAsync("ok");
        await letter.Activity("Deliver").CompleteAsync("ok");

        Assert.NotEmpty(measured.Of("sagaflow.answers", "kind=completed", "disposition=applied"));
        Assert.NotEmpty(measured.Of("sagaflow.answers", "kind=completed", "disposition=duplicate"));
    }

    [Fact]
    [Trait("Req", "E29")]
    public async Task Attempts_are_counted_and_timeouts_by_their_kind()
    {
        using var measured = new Measurements(Type);
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CourierWorkflow, CourierInstance>(Type));
        await flow.StartAsync(new LetterPosted("L-4"));

        await flow.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.NotEmpty(measured.Of("sagaflow.activity.attempts", "activity=Deliver"));
        Assert.Contains(1.0, measured.Of("sagaflow.activity.timeouts", "activity=Deliver", "type=ScheduleToStart"));
    }

    [Fact]
    [Trait("Req", "M1")]
    public async Task Genuine_tokens_are_counted_by_their_key()
    {
        using var measured = new Measurements(type: null);
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CourierWorkflow, CourierInstance>(Type));
        var letter = await flow.StartAsync(new LetterPosted("L-5"));

        await letter.Activity("Deliver").CompleteAsync("ok");

        Assert.NotEmpty(measured.Of("sagaflow.tokens", $"key={flow.Engine.Get<TokenSigner>().KeyId}"));
    }
}
