using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Joins;

/// <summary>Different activities that are waited for together.</summary>
public sealed class WhenAllTests
{
    [Theory]
    [Trait("Req", "REL-I15")]
    [InlineData("GetPrice", "GetStock")]
    [InlineData("GetStock", "GetPrice")]
    public async Task The_workflow_goes_on_when_both_have_completed_in_whatever_order(string first, string second)
    {
        await using var flow = await StartAsync();
        var offer = await flow.StartAsync(new OfferAsked("lamp"));

        await offer.Activity(first).CompleteAsync(7);
        await offer.ShouldBeInAsync(x => x.Collecting);
        await flow.RestartAsync();
        await offer.Activity(second).CompleteAsync(7);

        Assert.Equal(["7 at 7"], await offer.ShouldBeCompletedAsync<List<string>>());
    }

    [Fact]
    public async Task What_is_waited_for_is_kept_outside_the_author_s_document()
    {
        await using var flow = await StartAsync();
        var offer = await flow.StartAsync(new OfferAsked("lamp"));
        var before = (await flow.Engine.Reader.FindWorkflowAsync(offer.Id, default))!;

        await offer.Activity("GetPrice").CompleteAsync(7);

        var after = (await flow.Engine.Reader.FindWorkflowAsync(offer.Id, default))!;
        Assert.Equal(before.Document, after.Document);
        Assert.Equal("""{"GetPrice":{"id":"GetPrice-1","result":"7"}}""", after.Waits);
        await offer.Activity("GetStock").CompleteAsync(3);
        Assert.Null((await flow.Engine.Reader.FindWorkflowAsync(offer.Id, default))!.Waits);
    }

    [Fact]
    public async Task A_second_round_waits_for_both_of_its_own()
    {
        await using var flow = await StartAsync();
        var offer = await flow.StartAsync(new OfferAsked("lamp", Rounds: 2));
        await offer.Activity("GetPrice-1").CompleteAsync(1);
        await offer.Activity("GetStock-1").CompleteAsync(10);

        await offer.Activity("GetStock-2").CompleteAsync(20);
        await offer.ShouldBeInAsync(x => x.Collecting);
        await offer.Activity("GetPrice-2").CompleteAsync(2);

        Assert.Equal(["10 at 1", "20 at 2"], await offer.ShouldBeCompletedAsync<List<string>>());
    }

    [Fact]
    public async Task A_failure_that_the_state_handles_may_ask_again_and_the_latest_counts()
    {
        await using var flow = await StartAsync();
        var offer = await flow.StartAsync(new OfferAsked("lamp"));
        await offer.Activity("GetPrice").CompleteAsync(1);
        await flow.AdvanceAsync(TimeSpan.FromMinutes(5));

        await offer.ShouldBeInAsync(x => x.Collecting);
        await offer.Activity("GetStock-2").CompleteAsync(20);

        Assert.Equal(["20 at 1"], await offer.ShouldBeCompletedAsync<List<string>>());
    }

    [Fact]
    public async Task A_failure_that_the_state_does_not_handle_fails_the_workflow()
    {
        await using var flow = await StartAsync();
        var offer = await flow.StartAsync(new OfferAsked("lamp"));

        await offer.Activity("GetPrice").FailAsync(ActivityFailure.NonRetryable("Unknown", "No such item"));

        Assert.Equal("Unknown", (await offer.ShouldHaveFailedAsync()).Type);
        Assert.Empty(flow.Requests);
    }

    [Fact]
    public async Task What_completed_before_the_state_was_entered_counts_too()
    {
        await using var flow = await StartAsync();
        var offer = await flow.StartAsync(new OfferAsked("lamp", PriceFirst: true));
        await offer.Activity("GetStock").CompleteAsync(10);
        await offer.ShouldBeInAsync(x => x.GetPrice.Pending);

        await offer.Activity("GetPrice").CompleteAsync(1);

        Assert.Equal(["10 at 1"], await offer.ShouldBeCompletedAsync<List<string>>());
    }

    [Fact]
    public async Task A_result_of_before_the_activity_was_asked_for_again_does_not_count()
    {
        await using var flow = await StartAsync();
        var offer = await flow.StartAsync(new OfferAsked("lamp", PriceFirst: true));
        await offer.Activity("GetPrice-1").CompleteAsync(101);

        await offer.Activity("GetStock").CompleteAsync(10);
        await offer.ShouldBeInAsync(x => x.Collecting);
        await offer.Activity("GetPrice-2").CompleteAsync(99);

        Assert.Equal(["10 at 99"], await offer.ShouldBeCompletedAsync<List<string>>());
    }

    [Fact]
    public void A_wait_for_one_activity_is_refused_by_name()
    {
        var error = Assert.Throws<SagaFlowException>(() => new LonelyWorkflow());

        Assert.Equal("WhenAll(GetPrice, GetPrice) does not name several different activities. For one activity write When(GetPrice.Completed).", error.Message);
    }

    private static Task<SagaFlowHarness<OfferWorkflow, OfferInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<OfferWorkflow, OfferInstance>());

    private sealed class LonelyWorkflow : WorkflowStateMachine<OfferInstance>
    {
        public LonelyWorkflow()
        {
            Activity(() => GetPrice);
            During(GetPrice.Pending, WhenAll(GetPrice, GetPrice).Finalize());
        }

        public Activity<OfferArguments, int> GetPrice { get; private set; } = null!;
    }
}
