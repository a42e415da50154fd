using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Tests.Joins;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>In a rolling deployment an older engine meets workflows that a newer one has stored: it must not touch what it cannot read.</summary>
public sealed class NewerVersionTests
{
    private const string Newer = """{"name":"atlas","chapters":["seas"]}""";

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_signal_leaves_a_running_workflow_of_a_newer_version_as_it_is()
    {
        await using var flow = await StartAsync();
        await StoreAsync(flow, 2, Newer);
        var before = await RowAsync(flow, "atlas");

        var refused = await Assert.ThrowsAsync<WorkflowVersionException>(() => flow.Workflow("atlas").SignalAsync(new PlanFinished("atlas")));

        Assert.Equal(before, await RowAsync(flow, "atlas"));
        Assert.StartsWith(
            "A running workflow of type 'plan' was stored by version 2, newer than version 1 of this engine.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("bring this engine to that version, or stop it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task An_activity_that_ends_leaves_a_running_workflow_of_a_newer_version_and_its_activity_as_they_are()
    {
        await using var flow = await StartAsync();
        await StoreAsync(flow, 2, Newer);
        var before = await RowAsync(flow, "atlas");

        await Assert.ThrowsAsync<WorkflowVersionException>(() => flow.Workflow("atlas").Activity("Review").CompleteAsync("fine"));

        Assert.Equal(before, await RowAsync(flow, "atlas"));
        Assert.Null((await flow.Workflow("atlas").ActivitiesAsync())[0].ClosedAt);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_timer_of_a_workflow_of_a_newer_version_rings_until_an_engine_of_that_version_takes_it()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<NapWorkflow, NapInstance>());
        var nap = await flow.StartAsync(new NapWanted("Ann"));
        var store = flow.Engine.Get<IWorkflowStore>();
        await store.StoreVersionAsync(nap.Id, 2);

        await flow.AdvanceAsync(TimeSpan.FromMilliseconds(300));
        var left = (await nap.DescribeAsync()).State;
        await store.StoreVersionAsync(nap.Id, 1);
        await flow.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("Asleep", left);
        Assert.Equal("Ann", await nap.ShouldBeCompletedAsync<string>());
        Assert.Empty(await flow.Engine.Get<IQuarantine>().ReadAsync(10, default));
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_join_leaves_a_running_workflow_of_a_newer_version_as_it_is()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<JuryWorkflow, JuryInstance>());
        var jury = await flow.StartAsync(new JuryCalled("ode", ["Ann"]));
        await flow.Engine.Get<IWorkflowStore>().StoreVersionAsync(jury.Id, 2);

        _ = await Record.ExceptionAsync(() => jury.Activity("Judge-1").CompleteAsync(7));
        await Assert.ThrowsAsync<WorkflowVersionException>(() => flow.Engine.Get<JoinEngine>().JoinAsync(jury.Id, "Judge-group-1", default));
        await flow.Engine.Get<IWorkflowStore>().StoreVersionAsync(jury.Id, 1);
        await flow.Engine.Get<JoinEngine>().JoinAsync(jury.Id, "Judge-group-1", default);

        Assert.Equal([7], (await jury.ShouldBeCompletedAsync<JuryReport>()).Results);
    }

    [Fact]
    [Trait("Req", "P22")]
    [Trait("Req", "T21")]
    public async Task An_older_engine_does_not_begin_the_next_run_of_a_workflow_of_a_newer_version()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<JuryWorkflow, JuryInstance>());
        var jury = await flow.StartAsync(new JuryCalled("ode", ["Ann"]));
        await jury.SignalAsync(new JuryDismissed("ode"));
        await flow.Engine.Get<IWorkflowStore>().StoreVersionAsync(jury.Id, 2);

        await flow.AdvanceAsync(TimeSpan.FromMinutes(2));

        var left = await jury.DescribeAsync();
        Assert.Equal((2, 1), (left.DefinitionVersion, left.Run));
    }

    [Fact]
    public async Task A_workflow_of_a_newer_version_can_be_canceled_by_an_older_engine_which_reads_nothing_of_it()
    {
        await using var flow = await StartAsync();
        await StoreAsync(flow, 2, Newer);

        var receipt = await flow.Workflow("atlas").CancelAsync();

        var row = await RowAsync(flow, "atlas");
        Assert.Equal((Disposition.Applied, WorkflowStatus.Canceled, 2, Newer), (receipt.Disposition, row.Status, row.DefinitionVersion, row.Document));
    }

    [Fact]
    public async Task A_workflow_of_a_newer_version_that_has_ended_is_told_about()
    {
        await using var flow = await StartAsync();
        await flow.Workflow("atlas").SignalAsync(new PlanFinished("atlas"));
        await StoreAsync(flow, 2, Newer);

        var receipt = await flow.Workflow("atlas").SignalAsync(new PlanFinished("atlas"));

        Assert.Equal(Disposition.WorkflowClosed, receipt.Disposition);
    }

    [Theory]
    [Trait("Req", "P22")]
    [InlineData(1, "Drafting", """{"name":7}""")]
    [InlineData(1, "Nowhere", """{"name":"atlas"}""")]
    [InlineData(2, "Writing", """{"title":7}""")]
    public async Task A_workflow_that_this_code_can_neither_migrate_nor_read_is_left_as_it_is(int version, string state, string document)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<PlanWorkflowOfTwo, TitledPlanInstance>("plan"));
        var plan = await flow.StartAsync(new PlanBegun("atlas"));
        await flow.Engine.Get<IWorkflowStore>().StoreVersionAsync(plan.Id, version, document, state);
        var before = await flow.Engine.Reader.FindWorkflowAsync(plan.Id, default);

        var refused = await Assert.ThrowsAsync<WorkflowVersionException>(() => plan.SignalAsync(new PlanFinished("atlas")));

        Assert.Equal(before, await flow.Engine.Reader.FindWorkflowAsync(plan.Id, default));
        Assert.StartsWith(
            $"A running workflow of type 'plan', stored by version {version}, cannot be read by version 2 of this engine.", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.InnerException);
    }

    private static async Task<SagaFlowHarness<PlanWorkflow, PlanInstance>> StartAsync()
    {
        var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<PlanWorkflow, PlanInstance>("plan"));
        await flow.StartAsync(new PlanBegun("atlas"));
        return flow;
    }

    private static Task StoreAsync(SagaFlowHarness<PlanWorkflow, PlanInstance> flow, int version, string document) =>
        flow.Engine.Get<IWorkflowStore>().StoreVersionAsync(flow.Workflow("atlas").Id, version, document);

    private static async Task<WorkflowRecord> RowAsync(SagaFlowHarness<PlanWorkflow, PlanInstance> flow, string key) =>
        (await flow.Engine.Reader.FindWorkflowAsync(flow.Workflow(key).Id, default))!;
}
