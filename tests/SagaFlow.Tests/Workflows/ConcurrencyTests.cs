using SagaFlow.Client;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Testing;
using SagaFlow.Tests.Workflows.Matrix;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>A great many messages for one workflow at one moment, spread over two engines on one database.</summary>
public sealed class ConcurrencyTests
{
    private const int Many = 100;

    [Fact]
    [Trait("Req", "REL-R17")]
    [Trait("Req", "REL-I18")]
    [Trait("Req", "REL-4.6-42")]
    public async Task A_hundred_starts_with_one_key_make_one_workflow_and_all_are_told_its_id()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
        var (first, second) = (new SecondEngine(flow.Engine.Get<IServiceProvider>()), new SecondEngine(flow.Engine.Get<IServiceProvider>()));
        const string Input = """{"document":"d"}""";

        var receipts = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).StartAsync("review", Input))));
        var other = await first.StartAsync("review", """{"document":"d","heartbeatSeconds":9}""");
        await flow.RunUntilIdleAsync();

        Assert.Single(receipts, x => x.Disposition == Disposition.Applied);
        Assert.Equal(Many - 1, receipts.Count(x => x.Disposition == Disposition.Duplicate));
        Assert.Single(receipts.Append(other).Select(x => x.WorkflowId).Distinct());
        Assert.Equal(Disposition.DuplicateConflict, other.Disposition);
        Assert.Single(flow.Requests);
        Assert.Single(await flow.Workflow("d").HistoryAsync(), x => x.Kind == "WorkflowStarted");
    }

    [Fact]
    [Trait("Req", "P13")]
    public async Task A_hundred_signals_for_one_workflow_at_once_are_all_taken_and_none_is_lost()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ParcelWorkflow, ParcelInstance>());
        var parcel = await flow.StartAsync(new ParcelSent("P-1", "Packing", ""));
        var ingress = flow.Engine.Get<SignalIngress>();

        var receipts = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() => ingress.SignalAsync(Note(parcel.Id, i), default))));

        Assert.All(receipts, x => Assert.Equal(Disposition.Applied, x.Disposition));
        Assert.Equal(Many, parcel.Instance.Seen.Count);
        Assert.Equal(Many, (await parcel.HistoryAsync()).Count(x => x.Kind == "EventReceived"));
    }

    [Fact]
    [Trait("Req", "P13")]
    [Trait("Req", "REL-D3")]
    public async Task Two_engines_that_keep_meeting_at_one_workflow_lose_no_answer()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ParcelWorkflow, ParcelInstance>());
        var parcel = await flow.StartAsync(new ParcelSent("P-1", "Packing", ""));
        var (first, second) = (new SecondEngine(flow.Engine.Get<IServiceProvider>()), new SecondEngine(flow.Engine.Get<IServiceProvider>()));
        var token = parcel.Activity("Pack").Token;

        var receipts = await Task.WhenAll(Enumerable.Range(1, Many).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).AnswerAsync(
            new ActivityAnswer { Kind = AnswerKind.Heartbeat, TaskToken = token, Sequence = i, Checkpoint = PayloadJson.Write(i) }))));

        var raised = parcel.Instance.Seen.Count(x => x == "Pack.Heartbeat");
        // One that another overtook at the same instant says nothing new: it is not raised.
        Assert.All(receipts, x => Assert.True(x.Disposition is Disposition.Applied or Disposition.Duplicate, $"{x}"));
        Assert.Equal(receipts.Count(x => x.Disposition == Disposition.Applied), raised);
        Assert.Equal("100", (await parcel.ActivitiesAsync()).Single(x => x.Name == "Pack").Checkpoint?.GetRawText());
    }

    [Fact]
    [Trait("Req", "T2")]
    [Trait("Req", "P8")]
    public async Task A_start_that_could_not_be_stored_sends_no_request_and_one_that_could_sends_it()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
        var engine = new SecondEngine(flow.Engine.Get<IServiceProvider>()) { BeforeCommit = () => throw new IOException("The disk is full") };
        const string Input = """{"document":"d"}""";

        await Assert.ThrowsAsync<IOException>(() => engine.StartAsync("review", Input));
        await flow.RunUntilIdleAsync();
        var (stored, sent) = (await flow.Engine.Reader.FindWorkflowAsync(IdOf(flow, "d"), default), flow.Requests.Count);
        await engine.StartAsync("review", Input);
        await flow.RunUntilIdleAsync();

        Assert.Equal((null, 0), (stored, sent));
        Assert.Single(flow.Requests);
        Assert.Single(await flow.Workflow("d").HistoryAsync(), x => x.Kind == "ActivityScheduled");
    }

    private static Guid IdOf(SagaFlowHarness flow, string key) =>
        WireIds.Workflow(flow.Engine.Get<SagaFlow.Client.Bus.BusNames>().Prefix, "review", key);

    private static SignalWorkflow Note(Guid workflowId, int number) => new()
    {
        WorkflowId = workflowId,
        MessageId = $"note/{number}",
        Event = "Note",
        Message = RawJson.Parse("""{"number":"P-1"}"""),
    };
}
