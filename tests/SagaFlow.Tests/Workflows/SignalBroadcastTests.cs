using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

[Trait("Req", "P14")]
public sealed class SignalBroadcastTests
{
    private const int Count = 1_000;

    [Fact]
    public async Task One_published_message_reaches_each_running_workflow_once()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<QuoteWorkflow, QuoteInstance>());
        for (var i = 0; i < Count; i++)
        {
            await flow.StartAsync(new QuoteAsked($"Q-{i}"));
        }

        var messageId = new Guid("0197e2c4-0000-4000-8000-00000000000a");
        await flow.PublishAsync(new PriceChanged(9.90m), messageId);
        await flow.PublishAsync(new PriceChanged(9.90m), messageId);

        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal([9.90m], flow.Workflow($"Q-{i}").Instance.Prices));
    }

    [Fact]
    public async Task Workflows_that_have_ended_or_are_of_another_type_are_left_alone()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ContractWorkflow, ContractInstance>().AddWorkflow<QuoteWorkflow, QuoteInstance>());
        var ended = await flow.StartAsync<QuoteWorkflow, QuoteInstance>(new QuoteAsked("Q-1"));
        await ended.SignalAsync(new QuoteTaken("Q-1"));
        var running = await flow.StartAsync<QuoteWorkflow, QuoteInstance>(new QuoteAsked("Q-2"));
        var contract = await flow.StartAsync(new ContractWanted("C-1"));
        var before = (await contract.HistoryAsync()).Count;

        await flow.PublishAsync(new PriceChanged(1));

        Assert.Equal(0, await ended.ShouldBeCompletedAsync<int>());
        Assert.Equal([1m], running.Instance.Prices);
        Assert.Equal(before, (await contract.HistoryAsync()).Count);
    }

    [Fact]
    public async Task A_delivery_that_is_interrupted_goes_on_with_those_that_have_not_got_the_message()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<QuoteWorkflow, QuoteInstance>());
        var messageId = new Guid("0197e2c4-0000-4000-8000-00000000000b");
        await flow.StartAsync(new QuoteAsked("Q-1"));
        await flow.PublishAsync(new PriceChanged(2), messageId);
        await flow.StartAsync(new QuoteAsked("Q-2"));

        await flow.RestartAsync();
        await flow.PublishAsync(new PriceChanged(2), messageId);

        Assert.Equal([2m], flow.Workflow("Q-1").Instance.Prices);
        Assert.Equal([2m], flow.Workflow("Q-2").Instance.Prices);
    }

    [Fact]
    public async Task A_client_may_send_it_to_one_of_them()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<QuoteWorkflow, QuoteInstance>());
        var one = await flow.StartAsync(new QuoteAsked("Q-1"));
        var other = await flow.StartAsync(new QuoteAsked("Q-2"));

        var receipt = await one.SignalAsync(new PriceChanged(3));

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal([3m], one.Instance.Prices);
        Assert.Empty(other.Instance.Prices);
    }

    [Fact]
    public async Task Workflows_that_have_no_room_are_named_and_the_others_get_it()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<QuoteWorkflow, QuoteInstance>());
        var full = await flow.StartAsync(new QuoteAsked("Q-1"));
        var other = await flow.StartAsync(new QuoteAsked("Q-2"));
        await SetStateAsync(flow, full.Id);

        var refused = await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.PublishAsync(new PriceChanged(4)));

        Assert.Contains($"1 workflows of type 'quote' keep too many messages already, among them {full.Id}", refused.Message, StringComparison.Ordinal);
        Assert.Equal([4m], other.Instance.Prices);
    }

    [Fact]
    public async Task A_workflow_that_cannot_be_read_is_named_and_the_others_get_it()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<QuoteWorkflow, QuoteInstance>());
        var all = new List<WorkflowHandle<QuoteWorkflow, QuoteInstance>>();
        for (var i = 0; i < 600; i++)
        {
            all.Add(await flow.StartAsync(new QuoteAsked($"Q-{i}")));
        }

        // The first that is asked: the others of its page and those of the next are still to come.
        var broken = all.MinBy(x => x.Id.ToString())!;
        var row = (await flow.Engine.Reader.FindWorkflowAsync(broken.Id, default))!;
        await flow.Engine.Get<IWorkflowStore>().CommitAsync([new ChangeSet(broken.Id) { Workflow = row with { Document = "[]" } }], default);

        var refused = await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.PublishAsync(new PriceChanged(5)));

        Assert.Contains($"1 workflows of type 'quote' cannot take it, among them {broken.Id}: ", refused.Message, StringComparison.Ordinal);
        Assert.All(all.Where(x => x != broken), x => Assert.Equal([5m], x.Instance.Prices));
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_workflow_of_a_newer_version_gets_it_from_its_engine_and_the_others_at_once()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<QuoteWorkflow, QuoteInstance>());
        var newer = await flow.StartAsync(new QuoteAsked("Q-1"));
        var other = await flow.StartAsync(new QuoteAsked("Q-2"));
        await flow.Engine.Get<IWorkflowStore>().StoreVersionAsync(newer.Id, 2);

        await Assert.ThrowsAsync<WorkflowVersionException>(() => flow.PublishAsync(new PriceChanged(6)));

        Assert.Equal([6m], other.Instance.Prices);
        Assert.Empty(newer.Instance.Prices);
    }

    [Fact]
    public void A_failure_that_passes_by_itself_is_thrown_before_those_that_stay()
    {
        var failures = new BroadcastFailures("quote");
        failures.Add(Guid.Empty, new SagaFlowException("broken"));
        failures.Add(Guid.Empty, new InvalidOperationException("wrapped", new TimeoutException("away")));

        Assert.Throws<InvalidOperationException>(failures.ThrowIfAny);
    }

    // A workflow that keeps what it gets, and keeps as much as it may.
    private static async Task SetStateAsync(SagaFlowHarness<QuoteWorkflow, QuoteInstance> flow, Guid workflowId)
    {
        var row = (await flow.Engine.Get<IWorkflowReader>().FindWorkflowAsync(workflowId, CancellationToken.None))!;
        var kept = Enumerable.Range(0, 1_000).Select(i => new KeptMessage(
            workflowId, WireIds.Derive(workflowId, $"kept/{i}"), "PriceChanged", """{"price":0}""", flow.Now));
        await flow.Engine.Get<IWorkflowStore>().CommitAsync(
            [new ChangeSet(workflowId) { Workflow = row with { State = "Initial" }, Kept = [.. kept] }], CancellationToken.None);
    }
}
