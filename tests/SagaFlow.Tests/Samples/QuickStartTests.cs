using QuickStart;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Samples;

/// <summary>The README's test, and what else the README says of its workflow.</summary>
public sealed class QuickStartTests
{
    #region test
    [Fact]
    public async Task An_order_is_shipped_although_the_card_was_refused_once()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());
        flow.OnActivity(x => x.Charge).Fails("CardRefused", "Try again").Returns(new Charged("charge-1"));
        flow.OnActivity(x => x.Ship).IsPending();

        var order = await flow.StartAsync(new OrderPlaced("A-1001", "reading lamp", 49.90m));
        await flow.AdvanceAsync(TimeSpan.FromSeconds(1));               // the wait before the second attempt
        await order.ShouldBeInAsync(x => x.Ship.Pending);
        await flow.AdvanceAsync(TimeSpan.FromHours(30));                // no test waits for it
        await order.Activity("Ship").CompleteAsync(new Parcel("P-7"));  // the carrier answers

        var shipped = await order.ShouldBeCompletedAsync<OrderShipped>();
        Assert.Equal("P-7", shipped.ParcelId);
    }
    #endregion

    [Fact]
    public async Task An_order_whose_card_cannot_be_charged_fails_with_the_reason()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());
        flow.OnActivity(x => x.Charge).Fails("CardRefused", "The card is blocked").Always();

        var order = await flow.StartAsync(new OrderPlaced("A-1002", "reading lamp", 49.90m));
        await flow.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal("The card was not charged: The card is blocked", (await order.ShouldHaveFailedAsync()).Message);
    }

    [Fact]
    public async Task An_order_that_nobody_ships_fails_because_no_state_handles_it()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());
        flow.OnActivity(x => x.Charge).Returns(new Charged("charge-1"));
        flow.OnActivity(x => x.Ship).IsPending();

        var order = await flow.StartAsync(new OrderPlaced("A-1003", "reading lamp", 49.90m));
        await flow.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal("ScheduleToCloseTimeout", (await order.ShouldHaveFailedAsync()).Type);
    }
}
