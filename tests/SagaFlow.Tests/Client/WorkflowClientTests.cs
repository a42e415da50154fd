using System.Text.Json;
using SagaFlow.Client;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Client;

public sealed class WorkflowClientTests
{
    private static readonly Guid OrderId = new("0197e2c4-0000-4000-8000-000000000001");

    private sealed record OrderPlaced(string OrderNumber);

    private sealed record OrderReceipt(string ControlNumber);

    [Theory]
    [InlineData(Disposition.Applied)]
    [InlineData(Disposition.Duplicate)]
    [InlineData(Disposition.DuplicateConflict)]
    public async Task Starting_returns_the_receipt_with_the_workflow_id(Disposition disposition)
    {
        await using var engine = await FakeEngine.StartAsync(_ => new ControlReply { Disposition = disposition, WorkflowId = OrderId });

        var receipt = await engine.Workflows.StartAsync("order", new OrderPlaced("17"));

        var start = Assert.IsType<StartWorkflow>(FakeEngine.Control(Assert.Single(engine.Received)));
        Assert.Equal(new Receipt(disposition, WorkflowId: OrderId), receipt);
        Assert.Equal(("order", """{"orderNumber":"17"}"""), (start.WorkflowType, start.Message.GetRawText()));
    }

    [Theory]
    [InlineData(null, "OrderPlaced")]
    [InlineData("Placed", "Placed")]
    public async Task A_signal_names_its_workflow_and_its_event(string? eventName, string sent)
    {
        await using var engine = await FakeEngine.StartAsync(_ => new ControlReply { Disposition = Disposition.Kept, WorkflowId = OrderId });

        var byId = await engine.Workflows.SignalAsync(OrderId, new OrderPlaced("17"), eventName);
        await engine.Workflows.SignalAsync("order", "17", new OrderPlaced("17"), eventName);

        var signals = engine.Received.Select(x => Assert.IsType<SignalWorkflow>(FakeEngine.Control(x))).ToList();
        Assert.Equal(new Receipt(Disposition.Kept, WorkflowId: OrderId), byId);
        Assert.Equal([(OrderId, null, null), ((Guid?)null, "order", "17")], signals.Select(x => (x.WorkflowId, x.WorkflowType, x.BusinessKey)));
        Assert.All(signals, x => Assert.Equal((sent, """{"orderNumber":"17"}"""), (x.Event, x.Message.GetRawText())));
        Assert.Equal(2, signals.Select(x => x.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task The_result_is_awaited_until_the_workflow_is_closed()
    {
        var questions = 0;
        await using var engine = await FakeEngine.StartAsync(_ => ++questions < 3
            ? Reply(Workflow("Running"))
            : Reply(Workflow("Completed") with { Result = Json("""{ "controlNumber": "000123" }""") }));

        var result = await engine.Workflows.GetResultAsync<OrderReceipt>(OrderId);

        Assert.Equal(new OrderReceipt("000123"), result);
        Assert.All(engine.Received, m => Assert.Equal(QueryTopic.Result, ((QueryWorkflow)FakeEngine.Control(m)).What));
    }

    [Fact]
    public async Task Where_nobody_more_may_wait_for_results_the_client_pauses_before_it_asks_again()
    {
        var time = new ManualTimeProvider();
        var questions = 0;
        await using var engine = await FakeEngine.StartAsync(
            _ => ControlJson.Write(++questions == 1
                ? Reply(Workflow("Running")) with { Disposition = Disposition.TooMany, Code = "too_many_waiting" }
                : Reply(Workflow("Completed") with { Result = Json("""{"controlNumber":"1"}""") })),
            time);

        var asking = engine.Workflows.GetResultAsync<OrderReceipt>(OrderId);
        await time.TimerWithinAsync(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        var early = (engine.Received.Count, asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var result = await asking;

        Assert.Equal((1, false), early);
        Assert.Equal(new OrderReceipt("1"), result);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Canceled")]
    [InlineData("TimedOut")]
    public async Task A_workflow_that_ended_otherwise_throws_with_its_failure(string status)
    {
        var failure = new ActivityFailure("GaveUp", "Gave up on GetRoute after 3 attempts", NextRetryDelay: TimeSpan.FromSeconds(1.5));
        await using var engine = await FakeEngine.StartAsync(_ => Reply(Workflow(status) with { Failure = failure }));

        var exception = await Assert.ThrowsAsync<WorkflowFailedException>(() => engine.Workflows.GetResultAsync<OrderReceipt>(OrderId));

        Assert.Equal((OrderId, status, failure), (exception.WorkflowId, exception.Status, exception.Failure));
    }

    [Fact]
    public async Task A_query_describes_the_workflow()
    {
        var stored = Workflow("Running");
        await using var engine = await FakeEngine.StartAsync(_ => Reply(stored));

        var described = await engine.Workflows.QueryAsync("order", "17");

        Assert.Equal(stored, described);
    }

    [Fact]
    public async Task An_unknown_workflow_is_named_in_the_exception()
    {
        await using var engine = await FakeEngine.StartAsync(_ => new ControlReply { Disposition = Disposition.UnknownWorkflow });

        var exception = await Assert.ThrowsAsync<WorkflowNotFoundException>(() => engine.Workflows.QueryAsync(OrderId));

        Assert.Contains(OrderId.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_is_read_page_by_page_in_order()
    {
        var stored = Enumerable.Range(1, 250).Select(n => new WorkflowHistoryEvent(n * 3, DateTimeOffset.UnixEpoch, "k")).ToArray();
        await using var engine = await FakeEngine.StartAsync(message =>
        {
            var query = (QueryWorkflow)message;
            return Reply(Workflow("Running")) with { History = [.. stored.Where(e => e.Sequence > query.After).Take(query.Limit)] };
        });

        var history = await engine.Workflows.GetHistoryAsync(OrderId);

        Assert.Equal(stored, history);
        Assert.Equal(2, engine.Received.Count);
    }

    [Fact]
    public async Task Activities_are_read_with_their_attempt_and_failure()
    {
        var activity = new ActivityDescription
        {
            Id = "Transmit-1",
            Name = "Transmit",
            TaskQueue = "edi",
            Status = "Scheduled",
            Attempt = 2,
            ScheduledAt = DateTimeOffset.UnixEpoch,
            Failure = new ActivityFailure("PartnerAway", "No answer"),
        };
        await using var engine = await FakeEngine.StartAsync(_ => Reply(Workflow("Running")) with { Activities = [activity] });

        var activities = await engine.Workflows.GetActivitiesAsync(OrderId);

        Assert.Equal(activity, Assert.Single(activities));
    }

    private static ControlReply Reply(WorkflowDescription workflow) =>
        new() { Disposition = Disposition.Applied, WorkflowId = workflow.Id, Workflow = workflow };

    private static WorkflowDescription Workflow(string status) => new()
    {
        Id = OrderId,
        Type = "order",
        BusinessKey = "17",
        State = "Transmit.Pending",
        Status = status,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
