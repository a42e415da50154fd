using System.Diagnostics;
using SagaFlow.Contracts;
using SagaFlow.Testing;
using SagaFlow.Tests.Workflows;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Testing;

public sealed class SagaFlowHarnessTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Req", "P24")]
    [Trait("Req", "E4")]
    public async Task Five_hours_pass_in_much_less()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("contract") { NoHeartbeat = true });
        var stopwatch = Stopwatch.StartNew();

        await flow.AdvanceAsync(TimeSpan.FromHours(5));

        Assert.Equal(TimeoutType.ScheduleToClose, review.Instance.TimedOutBy);
        Assert.Equal(Start.AddHours(5), flow.Now);
        Assert.True(stopwatch.Elapsed < TimeSpan.FromSeconds(20), $"It took {stopwatch.Elapsed}.");
    }

    [Fact]
    [Trait("Req", "P24")]
    public async Task A_hundred_harnesses_run_side_by_side()
    {
        var completed = 0;

        await Parallel.ForEachAsync(Enumerable.Range(1, 100), async (number, _) =>
        {
            await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());
            flow.OnActivity(x => x.Reserve).Fails("Busy", "try again").Returns(new Reservation($"S-{number}"));
            var order = await flow.StartAsync(new OrderPlaced("A-1", $"lamp {number}"));
            await flow.AdvanceAsync(TimeSpan.FromSeconds(1));
            await order.ShouldBeInAsync(x => x.Ship.Pending);
            await order.Activity("Ship").CompleteAsync(new Shipment($"P-{number}"));
            var shipped = await order.ShouldBeCompletedAsync<OrderShipped>();
            Assert.Equal(new OrderShipped($"lamp {number}", $"P-{number}"), shipped);
            Assert.Equal(Start.AddSeconds(1), flow.Now);
            Interlocked.Increment(ref completed);
        });

        Assert.Equal(100, completed);
    }

    [Fact]
    public async Task The_same_test_has_the_same_history_each_time()
    {
        var first = await RunOnceAsync(seed: 7);
        var second = await RunOnceAsync(seed: 7);
        var other = await RunOnceAsync(seed: 8);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Requests_wait_until_they_are_answered()
    {
        await using var flow = await StartOrderAsync();
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));
        var waiting = flow.Requests.Select(x => x.ActivityId).ToList();

        await order.Activity("Reserve").CompleteAsync(new Reservation("S-7"));

        Assert.Equal(["Reserve-1"], waiting);
        Assert.Equal(["Ship-1"], flow.Requests.Select(x => x.ActivityId));
        Assert.Equal(new ShipParcel("lamp", "S-7"), order.Activity("Ship").Arguments<ShipParcel>());
    }

    [Fact]
    public async Task Advancing_stops_at_each_deadline_and_ends_exactly()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Fails("Busy", "1").Fails("Busy", "2").Fails("Busy", "3").NeverStarts();
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));

        await flow.AdvanceAsync(TimeSpan.FromSeconds(10));

        var attempts = (await order.HistoryAsync()).Where(x => x.Kind == "AttemptScheduled").Select(x => x.At - Start);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7)], attempts);
        Assert.Equal(Start.AddSeconds(10), flow.Now);
    }

    [Fact]
    public async Task The_next_deadline_can_be_jumped_to()
    {
        await using var flow = await StartReviewAsync();
        var review = await flow.StartAsync(new ReviewAsked("contract") { ScheduleToStartSeconds = 90 });

        await flow.AdvanceToNextDeadlineAsync();

        await review.ShouldBeInAsync(x => x.Escalated);
        Assert.Equal(Start.AddSeconds(90), flow.Now);
        await Assert.ThrowsAsync<HarnessAssertionException>(flow.AdvanceToNextDeadlineAsync);
    }

    [Fact]
    public async Task A_mock_without_an_outcome_for_the_call_is_named()
    {
        await using var flow = await StartOrderAsync();
        flow.OnActivity(x => x.Reserve).Returns(new Reservation("S-1"));
        await flow.StartAsync(new OrderPlaced("A-1", "lamp"));

        var error = await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.StartAsync(new OrderPlaced("A-2", "lamp")));

        Assert.StartsWith("Call 2 of activity 'Reserve' ('Reserve-1', attempt 1) has no outcome: its mock has 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mock_answers_by_argument_and_shows_its_calls()
    {
        await using var flow = await StartOrderAsync();
        var reserve = flow.OnActivity<ReserveStock, Reservation>("Reserve").Returns(x => new Reservation($"shelf of {x.Item}"));

        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));

        Assert.Equal("shelf of lamp", order.Instance.Shelf);
        Assert.Equal([new ReserveStock("lamp")], reserve.Calls);
    }

    [Fact]
    public async Task A_failing_assertion_shows_where_the_workflow_stands()
    {
        await using var flow = await StartOrderAsync();
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));

        var error = await Assert.ThrowsAsync<HarnessAssertionException>(() => order.ShouldBeInAsync(x => x.Ship.Pending));

        Assert.Contains("Workflow 'A-1' (order) should be in state 'Ship.Pending', but at 2030-01-01", error.Message, StringComparison.Ordinal);
        Assert.Contains("it is Running in state 'Reserve.Pending'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Open: 'Reserve-1', Scheduled, attempt 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("2030-01-01T00:00:00.000Z ActivityScheduled Reserve-1 attempt 1", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HarnessAssertionException>(order.ShouldBeCompletedAsync<OrderShipped>);
        await Assert.ThrowsAsync<HarnessAssertionException>(order.ShouldHaveFailedAsync);
    }

    [Fact]
    public async Task A_start_without_a_business_key_is_thrown_at_the_test()
    {
        await using var flow = await StartOrderAsync();

        var sent = await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.StartAsync(new OrderPlaced("", "lamp")));
        var published = await Assert.ThrowsAnyAsync<Exception>(() => flow.PublishAsync(new OrderPlaced("", "lamp")));

        Assert.Contains("The business key is empty", sent.Message, StringComparison.Ordinal);
        Assert.Contains("The business key is empty", published.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_no_workflow_takes_is_an_error()
    {
        await using var flow = await StartOrderAsync();

        await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.PublishAsync(new BasketPaid("B-1")));
    }

    [Fact]
    public async Task A_published_message_is_captured_and_starts_the_other_workflow()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<ShopWorkflow, ShopInstance>()
            .AddWorkflow<InvoiceWorkflow, InvoiceInstance>());
        flow.OnActivity<string, string>("Print").Returns(basket => $"invoice of {basket}");

        await flow.StartAsync(new BasketPaid("B-1"));

        Assert.Equal([new InvoiceWanted("B-1")], flow.Published<InvoiceWanted>());
        var invoice = flow.Workflow<InvoiceWorkflow, InvoiceInstance>("B-1");
        Assert.Equal("invoice of B-1", await invoice.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    public async Task A_published_start_starts_the_workflow()
    {
        await using var flow = await StartOrderAsync();

        await flow.PublishAsync(new OrderPlaced("A-1", "lamp"));

        await flow.Workflow("A-1").ShouldBeInAsync(x => x.Reserve.Pending);
    }

    [Fact]
    public async Task A_handler_runs_on_the_harness_s_clock()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>().AddHandler<ReserveHandler>());
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));

        await flow.AdvanceAsync(TimeSpan.FromSeconds(4) - TimeSpan.FromTicks(1));
        await order.ShouldBeInAsync(x => x.Reserve.Pending);
        var reserve = Assert.Single(await order.ActivitiesAsync());
        await flow.AdvanceAsync(TimeSpan.FromTicks(1));

        await order.ShouldBeInAsync(x => x.Ship.Pending);
        Assert.Equal(Start, reserve.StartedAt);
        Assert.Equal("S-1", order.Instance.Shelf);
    }

    [Fact]
    public async Task A_kill_loses_the_steps_and_a_restart_takes_them_up()
    {
        await using var flow = await StartOrderAsync();
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));
        await flow.KillAsync();
        await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.AdvanceAsync(TimeSpan.Zero));

        await flow.RestartAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(Start.AddMinutes(1), flow.Now);
        Assert.Equal(Disposition.Applied, (await order.Activity("Reserve").CompleteAsync(new Reservation("S-1"))).Disposition);
    }

    [Fact]
    public async Task The_database_is_gone_when_the_harness_is()
    {
        var flow = await StartOrderAsync();
        var folder = flow.Engine.Get<SagaFlow.Storage.Sqlite.SqliteDatabase>().File;

        await flow.DisposeAsync();

        Assert.False(File.Exists(folder));
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    private static async Task<string> RunOnceAsync(int seed)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>().Seed(seed));
        flow.OnActivity(x => x.Reserve).Fails("Busy", "1").Fails("Busy", "2").Returns(new Reservation("S"));
        flow.OnActivity(x => x.Ship).Returns(new Shipment("P"));
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));
        await flow.AdvanceAsync(TimeSpan.FromSeconds(10));
        return (await order.HistoryAsync()).ToString();
    }

    private static Task<SagaFlowHarness<OrderWorkflow, OrderInstance>> StartOrderAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartReviewAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());

    private sealed class ReserveHandler(TimeProvider clock) : IActivityHandler<ReserveStock, Reservation>
    {
        public async Task<ActivityOutcome<Reservation>> HandleAsync(
            ActivityExecutionContext<ReserveStock> context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            using var work = new PeriodicTimer(TimeSpan.FromSeconds(4), clock);
            await work.WaitForNextTickAsync(cancellationToken);
            return new Reservation("S-1");
        }
    }
}
