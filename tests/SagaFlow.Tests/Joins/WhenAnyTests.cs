using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Joins;

/// <summary>Different activities of which the first is enough.</summary>
public sealed class WhenAnyTests
{
    [Theory]
    [Trait("Req", "REL-I15")]
    [InlineData("Ferry", "Train")]
    [InlineData("Train", "Ferry")]
    public async Task The_first_wins_and_the_other_is_canceled_in_the_same_change(string first, string second)
    {
        await using var flow = await StartAsync();
        var travel = await flow.StartAsync(new TravelAsked("Ada"));
        var loser = travel.Activity(second);

        await travel.Activity(first).CompleteAsync(9);
        var late = await loser.CompleteAsync(10);

        Assert.Equal(Disposition.Canceled, late.Disposition);
        await travel.ShouldBeInAsync(x => x.Book.Pending);
        Assert.Equal($"{first} 9", travel.Activity("Book").Arguments<OfferArguments>().What, ignoreCase: true);
        Assert.Single(await travel.HistoryAsync(), x => x.Kind == "ActivityCanceled");
        Assert.Null((await flow.Engine.Reader.FindWorkflowAsync(travel.Id, default))!.Waits);
        await travel.Activity("Book").CompleteAsync("done");
        Assert.Equal("done", await travel.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    public async Task A_failure_is_passed_over_while_another_may_still_complete()
    {
        await using var flow = await StartAsync();
        var travel = await flow.StartAsync(new TravelAsked("Ada"));

        await travel.Activity("Ferry").FailAsync(ActivityFailure.NonRetryable("Storm", "No ferry today"));
        await flow.RestartAsync();
        await travel.ShouldBeInAsync(x => x.Racing);
        await travel.Activity("Train").CompleteAsync(8);

        await travel.ShouldBeInAsync(x => x.Book.Pending);
    }

    [Fact]
    public async Task The_last_failure_fails_the_workflow()
    {
        await using var flow = await StartAsync();
        var travel = await flow.StartAsync(new TravelAsked("Ada"));

        await travel.Activity("Ferry").FailAsync(ActivityFailure.NonRetryable("Storm", "No ferry today"));
        await travel.Activity("Train").FailAsync(ActivityFailure.NonRetryable("Strike", "No train today"));

        Assert.Equal("Strike", (await travel.ShouldHaveFailedAsync()).Type);
    }

    private static Task<SagaFlowHarness<TravelWorkflow, TravelInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<TravelWorkflow, TravelInstance>());
}
