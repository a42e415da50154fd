using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>What a workflow is after its engine was killed, and after its code has changed.</summary>
public sealed class RestartTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    [Trait("Req", "D12")]
    public async Task A_workflow_goes_on_behind_its_last_finished_activity()
    {
        await using var flow = await StartOrderAsync();
        var reserve = flow.OnActivity(x => x.Reserve).Returns(new Reservation("S-1"));
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));

        await flow.RestartAsync();
        await order.Activity("Ship").CompleteAsync(new Shipment("P-1"));

        Assert.Equal(new OrderShipped("lamp", "P-1"), await order.ShouldBeCompletedAsync<OrderShipped>());
        Assert.Single(reserve.Calls);
    }

    [Fact]
    [Trait("Req", "D12")]
    [Trait("Req", "T2")]
    public async Task A_request_that_was_lost_between_commit_and_send_is_sent_at_the_restart()
    {
        await using var flow = await StartOrderAsync();
        flow.Engine.Die();
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));
        Assert.Empty(flow.Requests);

        await flow.RestartAsync();

        Assert.Equal(1, order.Activity("Reserve").Request.Attempt);
        Assert.Equal(Disposition.Applied, (await order.Activity("Reserve").CompleteAsync(new Reservation("S-1"))).Disposition);
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task A_message_that_was_lost_between_commit_and_send_is_sent_at_the_restart_and_once()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<ShopWorkflow, ShopInstance>()
            .AddWorkflow<InvoiceWorkflow, InvoiceInstance>());
        flow.Engine.Die();
        await flow.StartAsync(new BasketPaid("B-1"));
        Assert.Empty(flow.Published<InvoiceWanted>());

        await flow.RestartAsync();
        await flow.RestartAsync();

        await flow.Workflow<InvoiceWorkflow, InvoiceInstance>("B-1").ShouldBeInAsync(x => x.Print.Pending);
        Assert.Single(flow.Published<InvoiceWanted>());
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    public async Task A_deadline_that_passed_while_no_engine_lived_gets_a_grace_for_answers_on_their_way()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { ScheduleToStartSeconds = 60 });

        await flow.RestartAsync(TimeSpan.FromMinutes(10));
        await flow.AdvanceAsync(30 * Second - TimeSpan.FromTicks(1));
        await review.ShouldBeInAsync(x => x.Review.Pending);
        var receipt = await review.Activity("Review").CompleteAsync(new Verdict("just in time"));

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Contains(await review.HistoryAsync(), x => x.Kind == "DeadlineMoved");
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    [Trait("Req", "P11")]
    public async Task Results_that_were_queued_while_no_engine_lived_are_all_taken_and_the_rest_times_out()
    {
        const int Reviews = 200;
        await using var flow = await StartReviewAsync();
        var reviews = new List<WorkflowHandle<ReviewWorkflow, ReviewInstance>>();
        for (var i = 0; i < Reviews; i++)
        {
            reviews.Add(await flow.StartAsync(new ReviewAsked($"d-{i}") { ScheduleToStartSeconds = 30 + i }));
        }

        await flow.RestartAsync(TimeSpan.FromMinutes(10));
        var receipts = new List<Disposition>();
        foreach (var review in reviews.Take(Reviews - 1))
        {
            receipts.Add((await review.Activity("Review").CompleteAsync(new Verdict("in time"))).Disposition);
        }

        await flow.AdvanceAsync(30 * Second);

        Assert.All(receipts, x => Assert.Equal(Disposition.Applied, x));
        Assert.Equal(TimeoutType.ScheduleToStart, reviews[^1].Instance.TimedOutBy);
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    public async Task A_grace_ends()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { ScheduleToStartSeconds = 60 });

        await flow.RestartAsync(TimeSpan.FromMinutes(10));
        await flow.AdvanceAsync(30 * Second);

        await review.ShouldBeInAsync(x => x.Escalated);
    }

    [Fact]
    public async Task An_attempt_that_was_due_while_no_engine_lived_is_handed_out_with_the_first_sweep()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("d"));
        await review.Activity("Review").FailAsync("Busy", "later");

        await flow.RestartAsync(TimeSpan.FromMinutes(10));
        await flow.AdvanceAsync(Second);

        Assert.Equal(2, review.Activity("Review").Request.Attempt);
    }

    [Fact]
    [Trait("Req", "M22")]
    public async Task A_crash_of_the_engine_spends_no_attempt_that_was_not_started()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { MaximumAttempts = 1 });

        await flow.RestartAsync();
        await flow.RestartAsync();

        Assert.Equal(1, (await review.ActivitiesAsync())[0].Attempt);
        Assert.Equal(Disposition.Applied, (await review.Activity("Review").CompleteAsync(new Verdict("fine"))).Disposition);
    }

    [Fact]
    [Trait("Req", "D17")]
    public async Task Changed_code_goes_on_with_the_workflows_that_run()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Returns(new Reservation("S-1"));
        var number = new OrderPlaced("A-1", "lamp");
        await flow.StartAsync(number);

        await using var changed = await flow.RestartAsync(x => x.AddWorkflow<FriendlyOrderWorkflow, FriendlyOrderInstance>("order"));
        var order = changed.Workflow("A-1");
        await order.Activity("Ship").CompleteAsync(new Shipment("P-1"));
        await order.Activity("Thank").CompleteAsync("sent");

        Assert.Equal("lamp with thanks", await order.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task Code_without_a_state_that_is_in_use_is_refused_by_name_and_count()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Returns(_ => new Reservation("S-1"));
        await flow.StartAsync(new OrderPlaced("A-1", "lamp"));
        await flow.StartAsync(new OrderPlaced("A-2", "lamp"));

        var error = await Assert.ThrowsAsync<SagaFlowException>(
            () => flow.RestartAsync(x => x.AddWorkflow<PickupOrderWorkflow, OrderInstance>("order")));

        Assert.Contains("2 of type 'order' in state 'Ship.Pending'", error.Message, StringComparison.Ordinal);
        await flow.RestartAsync();
        await flow.Workflow("A-2").ShouldBeInAsync(x => x.Ship.Pending);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_state_may_go_once_nobody_stands_in_it()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Returns(new Reservation("S-1"));
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));
        await order.Activity("Ship").CompleteAsync(new Shipment("P-1"));

        await using var changed = await flow.RestartAsync(x => x.AddWorkflow<PickupOrderWorkflow, OrderInstance>("order"));

        Assert.Equal(new OrderShipped("lamp", "P-1"), await changed.Workflow("A-1").ShouldBeCompletedAsync<OrderShipped>());
    }

    private static Task<SagaFlowHarness<OrderWorkflow, OrderInstance>> StartOrderAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartReviewAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());

    /// <summary>The next version of the order: it thanks the customer, and its state has grown.</summary>
    private sealed class FriendlyOrderWorkflow : WorkflowStateMachine<FriendlyOrderInstance>
    {
        public FriendlyOrderWorkflow()
        {
            StartedBy(() => OrderPlaced, x => x.BusinessKey(m => m.Number));
            Activity(() => Reserve, a => a.StartToCloseTimeout = 10 * Second);
            Activity(() => Ship, a => a.StartToCloseTimeout = 10 * Second);
            Activity(() => Thank, a => a.StartToCloseTimeout = 10 * Second);

            During(Ship.Pending, When(Ship.Completed)
                .ExecuteActivity(Thank, x => $"{x.Saga.Item} with {x.Saga.Words}")
                .TransitionTo(Thank.Pending));
            During(Thank.Pending, When(Thank.Completed).Complete(x => $"{x.Saga.Item} with {x.Saga.Words}"));
        }

        public Event<OrderPlaced> OrderPlaced { get; private set; } = null!;

        public Activity<ReserveStock, Reservation> Reserve { get; private set; } = null!;

        public Activity<ShipParcel, Shipment> Ship { get; private set; } = null!;

        public Activity<string, string> Thank { get; private set; } = null!;
    }

    private sealed class FriendlyOrderInstance : WorkflowInstance
    {
        public string Item { get; set; } = "";

        public string Words { get; set; } = "thanks";
    }

    /// <summary>A version of the order that does not ship.</summary>
    private sealed class PickupOrderWorkflow : WorkflowStateMachine<OrderInstance>
    {
        public PickupOrderWorkflow()
        {
            StartedBy(() => OrderPlaced, x => x.BusinessKey(m => m.Number));
            Activity(() => Reserve, a => a.StartToCloseTimeout = 10 * Second);

            During(Reserve.Pending, When(Reserve.Completed).Complete(x => x.Message.Result.Shelf));
        }

        public Event<OrderPlaced> OrderPlaced { get; private set; } = null!;

        public Activity<ReserveStock, Reservation> Reserve { get; private set; } = null!;
    }
}
