using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>Nothing parks silently, and every start is idempotent.</summary>
public sealed class WorkflowRulesTests
{
    private static readonly OrderPlaced Order = new("A-1", "lamp");

    [Fact]
    public async Task An_outcome_that_no_state_handles_fails_the_workflow_with_its_reason()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Returns(new Reservation("S-1"));
        flow.OnActivity(x => x.Ship).Fails("LorryBroken", "No lorry today");

        var order = await flow.StartAsync(Order);

        var failure = await order.ShouldHaveFailedAsync();
        Assert.Equal(("LorryBroken", "No lorry today"), (failure.Type, failure.Message));
        Assert.Contains("State 'Ship.Pending' does not handle 'Ship.Failed'", failure.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_that_no_state_handles_fails_the_workflow_and_names_the_deadline()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Returns(new Reservation("S-1"));
        flow.OnActivity(x => x.Ship).IsPending();
        var order = await flow.StartAsync(Order);

        await flow.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("StartToCloseTimeout", (await order.ShouldHaveFailedAsync()).Type);
    }

    [Fact]
    public async Task An_exception_of_the_author_s_code_fails_the_workflow_and_takes_back_what_it_asked_for()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<BrokenWorkflow, BrokenInstance>());
        var broken = await flow.StartAsync(new BasketPaid("B-1"));

        var receipt = await broken.Activity("Pack").CompleteAsync("parcel");

        var failure = await broken.ShouldHaveFailedAsync();
        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal("The shelf is empty", failure.Message);
        Assert.Single(await broken.ActivitiesAsync());
        Assert.Empty(flow.Requests);
        Assert.Empty(flow.Published<InvoiceWanted>());
    }

    [Fact]
    public async Task The_second_call_of_an_activity_has_the_next_number()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<RoutingWorkflow, RoutingInstance>());
        flow.OnActivity(x => x.GetRoute).Returns(new Route("A"), new Route("B"));
        flow.OnActivity(x => x.Transmit).Fails("Lost", "no ack").IsPending();

        var routing = await flow.StartAsync(new RoutePacket("p"));

        Assert.Equal(["GetRoute-1", "Transmit-1", "GetRoute-2", "Transmit-2"], (await routing.ActivitiesAsync()).Select(x => x.Id));
    }

    [Fact]
    public async Task The_same_start_twice_is_one_workflow_and_another_input_is_a_conflict()
    {
        await using var flow = await StartOrderAsync();

        var first = await flow.StartAsync(Order);
        var same = await flow.StartAsync(Order);
        var other = await flow.StartAsync(Order with { Item = "table" });

        Assert.Equal(Disposition.Applied, first.StartReceipt!.Disposition);
        Assert.Equal((Disposition.Duplicate, first.Id), (same.StartReceipt!.Disposition, same.Id));
        Assert.Equal((Disposition.DuplicateConflict, first.Id), (other.StartReceipt!.Disposition, other.Id));
        Assert.Equal("lamp", first.Instance.Item);
        Assert.Single(flow.Requests);
    }

    [Fact]
    public async Task A_start_that_was_published_is_the_same_as_one_that_was_sent()
    {
        await using var flow = await StartOrderAsync();
        await flow.PublishAsync(Order);

        var sent = await flow.StartAsync(Order);

        Assert.Equal(Disposition.Duplicate, sent.StartReceipt!.Disposition);
        Assert.Single(flow.Requests);
    }

    [Fact]
    public async Task A_start_of_a_closed_workflow_is_still_a_repeat()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Returns(new Reservation("S-1"));
        flow.OnActivity(x => x.Ship).Returns(new Shipment("P-1"));
        await flow.StartAsync(Order);

        var again = await flow.StartAsync(Order);

        Assert.Equal(Disposition.Duplicate, again.StartReceipt!.Disposition);
        Assert.Equal(new OrderShipped("lamp", "P-1"), await again.ShouldBeCompletedAsync<OrderShipped>());
    }

    [Fact]
    [Trait("Req", "P8")]
    public async Task An_event_that_comes_early_is_kept_until_a_state_handles_it()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { ScheduleToStartSeconds = 60 });

        await flow.PublishAsync(new NoteWritten(review.Id, "accepted by hand"));
        await review.ShouldBeInAsync(x => x.Review.Pending);
        await flow.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(new Verdict("accepted by hand"), await review.ShouldBeCompletedAsync<Verdict>());
        Assert.Contains(await review.HistoryAsync(), x => x.Kind == "EventKept");
    }

    [Fact]
    [Trait("Req", "P8")]
    public async Task A_message_that_is_delivered_twice_is_applied_once()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("d"));
        var id = new Guid("11111111-1111-1111-1111-111111111111");

        await flow.PublishAsync(new NoteWritten(review.Id, "early"), id);
        await flow.PublishAsync(new NoteWritten(review.Id, "early"), id);

        Assert.Single(await review.HistoryAsync(), x => x.Kind == "EventKept");
    }

    [Fact]
    [Trait("Req", "P8")]
    [Trait("Req", "T2")]
    public async Task A_request_leaves_only_once_the_state_that_waits_for_it_is_stored()
    {
        await using var flow = await StartOrderAsync();
        string? stateAtRequest = null;
        flow.OnActivity(x => x.Reserve).Returns(_ =>
        {
            stateAtRequest = flow.Workflow("A-1").Instance.CurrentState;
            return new Reservation("S-1");
        });

        var order = await flow.StartAsync(Order);

        Assert.Equal("Reserve.Pending", stateAtRequest);
        await order.ShouldBeInAsync(x => x.Ship.Pending);
    }

    [Fact]
    public async Task Options_that_contradict_each_other_fail_the_workflow_with_every_reason()
    {
        await using var flow = await StartReviewAsync();

        var review = await flow.StartAsync(new ReviewAsked("d") { HeartbeatSeconds = 60, StartToCloseSeconds = 30 });

        var failure = await review.ShouldHaveFailedAsync();
        Assert.Equal(nameof(ActivityOptionsException), failure.Type);
        Assert.Contains("HeartbeatTimeout", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_after_the_end_changes_nothing()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("d"));
        await review.Activity("Review").CompleteAsync(new Verdict("fine"));
        var before = (await review.HistoryAsync()).ToString();

        await flow.PublishAsync(new NoteWritten(review.Id, "too late"));

        Assert.Equal(before, (await review.HistoryAsync()).ToString());
    }

    private static Task<SagaFlowHarness<OrderWorkflow, OrderInstance>> StartOrderAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartReviewAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
}
