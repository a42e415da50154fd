using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Joins;

/// <summary>Several groups of one workflow.</summary>
public sealed class SeveralGroupsTests
{
    [Fact]
    [Trait("Req", "REL-I15")]
    public async Task Two_groups_at_once_and_a_second_of_the_same_activity_are_joined_each_by_itself()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CampaignWorkflow, CampaignInstance>());
        var campaign = await flow.StartAsync(new CampaignAsked("spring", ["a", "b"]));

        await campaign.Activity("Score-1").CompleteAsync(1);
        await campaign.Activity("Mail-1").CompleteAsync(true);
        await campaign.Activity("Score-2").CompleteAsync(2);
        await campaign.ShouldBeInAsync(x => x.Second);
        await campaign.Activity("Mail-2").CompleteAsync(true);
        var loser = campaign.Activity("Score-4");
        await campaign.Activity("Score-3").FailAsync(ActivityFailure.NonRetryable("Unreadable", "No text"));

        var log = await campaign.ShouldBeCompletedAsync<List<string>>();
        Assert.Equal(["scored 1+2", "mailed in Second", "False Score-3 Failed Score-4 Overtaken"], log);
        Assert.Equal(Disposition.Canceled, (await loser.CompleteAsync(4)).Disposition);
    }

    [Fact]
    public async Task A_join_that_no_state_handles_fails_the_workflow_with_the_first_failure_of_its_members()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CarelessWorkflow, CarelessInstance>());
        var careless = await flow.StartAsync(new CarelessAsked("key"));

        await careless.Activity("Score-1").CompleteAsync(1);
        await careless.Activity("Score-2").FailAsync(ActivityFailure.NonRetryable("Unreadable", "No text"));

        var failure = await careless.ShouldHaveFailedAsync();
        Assert.Equal("Unreadable", failure.Type);
        Assert.Contains("does not handle 'Score.Joined'", failure.Details, StringComparison.Ordinal);
    }
}
