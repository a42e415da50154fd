using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>Workflows that begin again when they fail: three runs in all, a minute and two between them.</summary>
[Trait("Req", "T21")]
public sealed class WorkflowRetryTests
{
    [Fact]
    public async Task A_failed_run_begins_again_from_its_start_message_after_its_back_off()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));

        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");
        var waiting = await errand.DescribeAsync();
        await flow.AdvanceAsync(waiting.NextRunAt!.Value - flow.Now - TimeSpan.FromTicks(1));
        var before = await errand.DescribeAsync();
        await flow.AdvanceAsync(TimeSpan.FromTicks(1));
        var after = await errand.DescribeAsync();

        Assert.Equal(("Running", "Initial", 1), (waiting.Status, waiting.State, waiting.Run));
        Assert.InRange(waiting.NextRunAt.Value - waiting.UpdatedAt, TimeSpan.FromSeconds(54), TimeSpan.FromSeconds(66));
        Assert.Equal((1, waiting.NextRunAt), (before.Run, before.NextRunAt));
        Assert.Equal(("Walk.Pending", 2, null), (after.State, after.Run, after.NextRunAt));
        Assert.Equal("milk", errand.Activity("Walk-2").Arguments<string>());
    }

    [Fact]
    public async Task The_next_run_has_a_fresh_instance_and_keeps_the_id_and_the_signals()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));
        await flow.AdvanceAsync(TimeSpan.FromSeconds(91));
        await errand.SignalAsync(new ErrandHinted("milk", "the shop is closed"));
        Assert.Equal(1, errand.Instance.Rests);

        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");
        await flow.AdvanceAsync(TimeSpan.FromSeconds(67));
        await flow.Workflow("milk").Activity("Walk-2").CompleteAsync("there");

        Assert.Equal(new ErrandDone("the shop is closed", Steps: 1, Rests: 0), await errand.ShouldBeCompletedAsync<ErrandDone>());
    }

    [Fact]
    public async Task A_signal_that_comes_between_two_runs_is_kept_for_the_next()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));
        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");

        var receipt = await errand.SignalAsync(new ErrandHinted("milk", "take an umbrella"));
        await flow.AdvanceAsync(TimeSpan.FromSeconds(67));
        await errand.Activity("Walk-2").CompleteAsync("there");

        Assert.Equal(Disposition.Kept, receipt.Disposition);
        Assert.Equal("take an umbrella", (await errand.ShouldBeCompletedAsync<ErrandDone>()).Hint);
    }

    [Fact]
    public async Task What_a_failed_run_leaves_open_is_closed_with_it()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));
        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");

        var late = await errand.Activity("Watch-1").CompleteAsync("late");
        await flow.AdvanceAsync(TimeSpan.FromSeconds(67));
        await flow.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(Disposition.WorkflowClosed, late.Disposition);
        Assert.Equal(["Walk-2", "Watch-2"], flow.Requests.Select(x => x.ActivityId));
        Assert.Equal(0, errand.Instance.Rests);
    }

    [Fact]
    public async Task The_last_run_s_failure_is_the_workflow_s()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));

        for (var run = 1; run <= 3; run++)
        {
            await errand.Activity($"Walk-{run}").FailAsync("Rain", $"It rains for the {run}. time");
            await flow.AdvanceAsync(TimeSpan.FromMinutes(3));
        }

        Assert.Equal("It rains for the 3. time", (await errand.ShouldHaveFailedAsync()).Message);
        var history = await errand.HistoryAsync();
        Assert.Equal([1, 2], history.Where(x => x.Kind == "WorkflowRetried").Select(x => x.Data!.Value.GetProperty("run").GetInt32()));
        Assert.Equal([2, 3], history.Where(x => x.Kind == "RunStarted").Select(x => x.Data!.Value.GetProperty("run").GetInt32()));
        Assert.Single(history, x => x.Kind == "WorkflowFailed");
    }

    [Fact]
    public async Task A_failure_of_a_named_type_is_final()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));

        await errand.Activity("Walk-1").FailAsync("NoUse", "They have milk");

        Assert.Equal("Pointless", (await errand.ShouldHaveFailedAsync()).Type);
    }

    [Theory]
    [InlineData(0.8, "Failed")]
    [InlineData(2, "Running")]
    public async Task No_run_begins_after_the_workflow_s_own_deadline(double limitMinutes, string status)
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk", limitMinutes));

        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");

        Assert.Equal(status, (await errand.DescribeAsync()).Status);
    }

    [Fact]
    public async Task The_workflow_s_timeout_spans_all_runs_and_the_waits_between_them()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk", LimitMinutes: 2));

        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");
        await flow.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("WorkflowTimeout", (await errand.ShouldHaveEndedAsync(WorkflowStatus.TimedOut)).Type);
    }

    [Fact]
    public async Task A_workflow_that_waits_for_its_next_run_can_be_canceled_and_stays_so()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));
        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");

        var receipt = await errand.CancelAsync("too late");
        await flow.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        await errand.ShouldHaveEndedAsync(WorkflowStatus.Canceled);
        Assert.Null((await errand.DescribeAsync()).NextRunAt);
        Assert.Empty(flow.Requests);
    }

    [Theory]
    [InlineData(-1, "Running")]
    [InlineData(0, "TimedOut")]
    public async Task A_run_whose_begin_rings_after_the_workflow_s_deadline_does_not_begin(long ticksPast, string status)
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk", LimitMinutes: 2));
        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");
        var row = (await flow.Engine.Reader.FindWorkflowAsync(errand.Id, default))!;
        var timerId = WireIds.Derive(errand.Id, "run/1");
        await flow.Engine.Get<IWorkflowStore>().CommitAsync(
            [new ChangeSet(errand.Id) { Workflow = row with { DeadlineAt = (await errand.DescribeAsync()).NextRunAt!.Value.AddTicks(-ticksPast) } }], default);
        var timer = (await flow.Engine.Get<IWorkflowStore>().LoadAsync([new LoadKey(errand.Id) { TimerId = timerId }], default))[0].Timer!;
        flow.Engine.Clock.AdvanceTo(timer.DueAt);

        await flow.Engine.Get<TimerRings>().RingAsync(errand.Id, timerId, timer.Version, default);

        Assert.Equal(status, (await errand.DescribeAsync()).Status);
        Assert.Equal(status == "Running" ? 1 : 0, (await errand.HistoryAsync()).Count(x => x.Kind == "RunStarted"));
    }

    [Fact]
    public async Task A_crash_between_two_runs_loses_nothing()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));
        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");

        await flow.RestartAsync(downtime: TimeSpan.FromMinutes(10));
        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, (await errand.DescribeAsync()).Run);
        Assert.Equal("milk", errand.Activity("Walk-2").Arguments<string>());
    }

    [Fact]
    public async Task The_start_message_again_is_a_duplicate_in_every_run()
    {
        await using var flow = await StartAsync();
        var errand = await flow.StartAsync(new ErrandGiven("milk"));
        await errand.Activity("Walk-1").FailAsync("Rain", "It rains");

        var between = await flow.StartAsync(new ErrandGiven("milk"));

        Assert.Equal((Disposition.Duplicate, errand.Id), (between.StartReceipt!.Disposition, between.Id));
    }

    [Fact]
    public void Retries_without_a_number_of_runs_are_refused()
    {
        var refused = Assert.Throws<SagaFlowException>(() => new EndlessWorkflow());

        Assert.Contains("say how many runs", refused.Message, StringComparison.Ordinal);
    }

    private static Task<SagaFlowHarness<ErrandWorkflow, ErrandInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ErrandWorkflow, ErrandInstance>());

    private sealed class EndlessWorkflow : WorkflowStateMachine<ErrandInstance>
    {
        public EndlessWorkflow() => StartedBy(() => Given, x =>
        {
            x.BusinessKey(m => m.Name);
            x.Retry(retry => retry.InitialInterval = TimeSpan.FromSeconds(1));
        });

        public MassTransit.Event<ErrandGiven> Given { get; private set; } = null!;
    }
}
