using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

public sealed class DefinitionVersionTests
{
    private const string Type = "plan";

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_workflow_of_an_older_version_is_migrated_with_its_next_event_and_stored_with_the_new_version()
    {
        await using var old = await StartOldAsync();

        await using var flow = await old.RestartAsync(x => x.AddWorkflow<PlanWorkflowOfTwo, TitledPlanInstance>(Type));
        var plan = flow.Workflow("atlas");
        var before = await plan.DescribeAsync();
        await plan.SignalAsync(new PlanRenamed("atlas", "world atlas"));
        var after = await plan.DescribeAsync();
        await plan.SignalAsync(new PlanFinished("atlas"));

        Assert.Equal((1, "Drafting"), (before.DefinitionVersion, before.State));
        Assert.Equal((2, "Writing"), (after.DefinitionVersion, after.State));
        Assert.Equal("world atlas", await plan.ShouldBeCompletedAsync<string>());
        Assert.Single(await plan.HistoryAsync(), x => x.Kind == "WorkflowMigrated");
    }

    [Theory]
    [Trait("Req", "P22")]
    [InlineData(false, "reviewed")]
    [InlineData(true, "atlas?")]
    public async Task What_an_activity_brings_to_a_workflow_of_an_older_version_finds_it_migrated(bool heartbeat, string title)
    {
        await using var old = await StartOldAsync();
        var begun = old.Workflow("atlas").Activity("Review");
        await begun.StartedAsync();

        await using var flow = await old.RestartAsync(x => x.AddWorkflow<PlanWorkflowOfTwo, TitledPlanInstance>(Type));
        var review = flow.Workflow("atlas").Activity("Review");
        var receipt = heartbeat ? await review.HeartbeatAsync() : await review.CompleteAsync("reviewed");

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal(title, flow.Workflow("atlas").Instance.Title.Text);
        await flow.Workflow("atlas").ShouldBeInAsync(x => x.Writing);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_migrated_workflow_shows_its_new_form_before_its_next_event()
    {
        await using var old = await StartOldAsync();

        await using var flow = await old.RestartAsync(x => x.AddWorkflow<PlanWorkflowOfTwo, TitledPlanInstance>(Type));

        Assert.Equal("atlas", flow.Workflow("atlas").Instance.Title.Text);
    }

    [Fact]
    public async Task A_new_workflow_carries_the_version_of_its_definition()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<PlanWorkflowOfTwo, TitledPlanInstance>(Type));

        var plan = await flow.StartAsync(new PlanBegun("atlas"));

        Assert.Equal(2, (await plan.DescribeAsync()).DefinitionVersion);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task Code_that_is_older_than_a_running_workflow_refuses_to_start()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<PlanWorkflowOfTwo, TitledPlanInstance>(Type));
        await flow.StartAsync(new PlanBegun("atlas"));

        var refused = await Assert.ThrowsAsync<SagaFlowException>(() => flow.RestartAsync(x => x.AddWorkflow<PlanWorkflow, PlanInstance>(Type)));

        Assert.Contains("1 of type 'plan' in version 2, newer than this code's 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_migration_that_leads_nowhere_refuses_to_start_and_names_a_workflow()
    {
        await using var old = await StartOldAsync();

        var forgetful = await Assert.ThrowsAsync<SagaFlowException>(() => old.RestartAsync(x => x.AddWorkflow<ForgetfulPlanWorkflow, TitledPlanInstance>(Type)));
        var broken = await Assert.ThrowsAsync<SagaFlowException>(() => old.RestartAsync(x => x.AddWorkflow<BrokenPlanWorkflow, TitledPlanInstance>(Type)));
        var unreadable = await Assert.ThrowsAsync<SagaFlowException>(() => old.RestartAsync(x => x.AddWorkflow<UnreadablePlanWorkflow, TitledPlanInstance>(Type)));

        Assert.Contains("to 'Drafting', which it does not have", forgetful.Message, StringComparison.Ordinal);
        Assert.Contains("fails for 'atlas': no way from version 1", broken.Message, StringComparison.Ordinal);
        Assert.Contains("fails for 'atlas'", unreadable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_has_ended_is_never_migrated()
    {
        await using var old = await StartOldAsync();
        await old.Workflow("atlas").SignalAsync(new PlanFinished("atlas"));

        await using var flow = await old.RestartAsync(x => x.AddWorkflow<BrokenPlanWorkflow, TitledPlanInstance>(Type));

        Assert.Equal(1, (await flow.Workflow("atlas").DescribeAsync()).DefinitionVersion);
    }

    private static async Task<SagaFlowHarness<PlanWorkflow, PlanInstance>> StartOldAsync()
    {
        var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<PlanWorkflow, PlanInstance>(Type));
        await flow.StartAsync(new PlanBegun("atlas"));
        return flow;
    }
}
