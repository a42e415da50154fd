using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Joins;
using SagaFlow.Storage;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Joins;

/// <summary>What a failed run leaves on its way does nothing in the wait for the next run, and nothing in that run.</summary>
[Trait("Req", "T21")]
public sealed class RunsAndJoinsTests
{
    private static readonly JuryCalled Called = new("novel", ["Ada", "Bob"]);
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(67);

    [Fact]
    public async Task A_met_group_of_the_failed_run_is_not_joined_while_the_next_run_is_awaited()
    {
        await using var flow = await StartAsync();
        var jury = await FailWithJoinOnItsWayAsync(flow);

        var waiting = await jury.DescribeAsync();

        Assert.Equal(("Running", "Initial", 1), (waiting.Status, waiting.State, waiting.Run));
        Assert.NotNull(waiting.NextRunAt);
        Assert.Single(await jury.HistoryAsync(), x => x.Kind == "WorkflowRetried");
        Assert.Empty(await flow.Engine.Reader.ReadMetGroupsAsync(null, 10, default));
    }

    [Fact]
    public async Task A_met_group_of_the_failed_run_is_not_joined_in_the_next_one()
    {
        await using var flow = await StartAsync();
        var jury = await FailWithJoinOnItsWayAsync(flow);
        await flow.AdvanceAsync(BackOff);

        await flow.Engine.Get<JoinGate>().SendAsync(new JoinMessage(jury.Id, "Judge-group-1").ToOutgoing(flow.Now));
        await jury.ShouldBeInAsync(x => x.Judge.Pending);
        await jury.Activity("Judge-3").CompleteAsync(30);
        await jury.Activity("Judge-4").CompleteAsync(40);

        Assert.Equal([30, 40], (await jury.ShouldBeCompletedAsync<JuryReport>()).Results);
    }

    [Fact]
    public async Task A_signal_that_comes_between_two_runs_is_kept_also_where_the_first_state_handles_it()
    {
        await using var flow = await StartAsync();
        var jury = await flow.StartAsync(Called);
        await jury.SignalAsync(new JuryDismissed("novel"));

        var receipt = await jury.SignalAsync(new JuryHurried("novel"));
        await flow.AdvanceAsync(BackOff);

        Assert.Equal(Disposition.Kept, receipt.Disposition);
        Assert.Equal(1, jury.Instance.Hurries);
        await jury.ShouldBeInAsync(x => x.Judge.Pending);
    }

    [Fact]
    public async Task A_signal_between_two_runs_for_which_there_is_no_room_is_refused()
    {
        await using var flow = await StartAsync(keptMessages: 1);
        var jury = await flow.StartAsync(Called);
        await jury.SignalAsync(new JuryDismissed("novel"));

        var first = await jury.SignalAsync(new JuryHurried("novel"));
        var second = await jury.SignalAsync(new JuryHurried("novel"));
        await flow.AdvanceAsync(BackOff);

        Assert.Equal((Disposition.Kept, Disposition.TooMany), (first.Disposition, second.Disposition));
        Assert.Equal(1, jury.Instance.Hurries);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_workflow_that_is_upgraded_between_two_runs_begins_afresh_and_is_not_migrated()
    {
        await using var old = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<JuryWorkflow, JuryInstance>("jury"));
        await old.StartAsync(Called);
        await old.Workflow("novel").SignalAsync(new JuryDismissed("novel"));
        await old.Workflow("novel").SignalAsync(new JuryHurried("novel"));

        await using var flow = await old.RestartAsync(x => x.AddWorkflow<LaterJuryWorkflow, JuryInstance>("jury"));
        await flow.AdvanceAsync(BackOff);

        var jury = await flow.Workflow("novel").DescribeAsync();
        Assert.Equal((2, 2, "Judge.Pending"), (jury.Run, jury.DefinitionVersion, jury.State));
        Assert.Equal(1, flow.Workflow("novel").Instance.Hurries);
    }

    [Fact]
    public async Task An_activity_of_the_failed_run_does_not_look_open_to_when_any_of_the_next()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<EscortWorkflow, EscortInstance>());
        var escort = await flow.StartAsync(new EscortWanted("Eve"));
        await escort.SignalAsync(new EscortUrgent("Eve"));
        await escort.SignalAsync(new EscortLost("Eve"));
        await flow.AdvanceAsync(BackOff);

        await escort.Activity("Drive-2").FailAsync(ActivityFailure.NonRetryable("Flat", "No tyre left"));

        Assert.Equal("Flat", (await escort.ShouldHaveFailedAsync()).Type);
    }

    // The last member's answer and the signal are both handled before the join message that the answer brought about.
    private static async Task<WorkflowHandle<JuryWorkflow, JuryInstance>> FailWithJoinOnItsWayAsync(SagaFlowHarness<JuryWorkflow, JuryInstance> flow)
    {
        var jury = await flow.StartAsync(Called);
        await jury.Activity("Judge-1").CompleteAsync(10);
        var last = new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = jury.Activity("Judge-2").Request.TaskToken, Result = JsonElement.Parse("20") };
        await flow.Engine.Get<AnswerGate>().SendAsync(last);
        Assert.Single(await flow.Engine.Reader.ReadMetGroupsAsync(null, 10, default));

        await jury.SignalAsync(new JuryDismissed("novel"));
        return jury;
    }

    private static Task<SagaFlowHarness<JuryWorkflow, JuryInstance>> StartAsync(int keptMessages = 1_000) =>
        SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<JuryWorkflow, JuryInstance>()
            .ConfigureServices(services => services.AddSingleton(new EngineLimits { KeptMessages = keptMessages, DeliveryHold = TimeSpan.Zero })));
}
