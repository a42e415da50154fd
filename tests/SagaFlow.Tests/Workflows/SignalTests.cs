using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

public sealed class SignalTests
{
    private const string Number = "C-1";

    [Fact]
    [Trait("Req", "P8")]
    [Trait("Req", "REL-R14")]
    public async Task A_signal_that_comes_before_its_state_is_kept_and_raised_once_the_state_is_there()
    {
        await using var flow = await StartAsync();
        var contract = await flow.StartAsync(new ContractWanted(Number));

        var receipt = await contract.SignalAsync(new Accepted(contract.Id, "Ann"));
        await contract.Activity("Prepare").CompleteAsync("ready");

        Assert.Equal(Disposition.Kept, receipt.Disposition);
        Assert.Equal("Ann", (await contract.ShouldBeCompletedAsync<AcceptedContract>()).By);
    }

    [Fact]
    [Trait("Req", "P8")]
    public async Task Kept_signals_are_raised_in_their_order_in_the_turn_that_makes_them_welcome()
    {
        await using var flow = await StartAsync();
        var contract = await flow.StartAsync(new ContractWanted(Number));
        foreach (var text in new[] { "b", "a", "c" })
        {
            await flow.PublishAsync(new ClauseAdded(Number, text));
        }

        await contract.SignalAsync(new Accepted(contract.Id, "Ann"));
        await contract.SignalAsync(new ClauseAdded(Number, "too late"));
        await contract.Activity("Prepare").CompleteAsync("ready");

        Assert.Equal(["b", "a", "c"], (await contract.ShouldBeCompletedAsync<AcceptedContract>()).Clauses);
        Assert.Contains(await contract.HistoryAsync(), x => x.Kind == "EventDropped");
    }

    [Fact]
    [Trait("Req", "REL-R14")]
    public async Task A_kept_signal_outlives_a_crash()
    {
        await using var flow = await StartAsync();
        var contract = await flow.StartAsync(new ContractWanted(Number));
        await contract.SignalAsync(new Accepted(contract.Id, "Ann"));

        await flow.RestartAsync();
        await flow.Workflow(Number).Activity("Prepare").CompleteAsync("ready");

        Assert.Equal("Ann", (await flow.Workflow(Number).ShouldBeCompletedAsync<AcceptedContract>()).By);
    }

    [Fact]
    [Trait("Req", "REL-I17")]
    public async Task A_signal_is_handled_at_once_where_the_state_waits_for_it()
    {
        await using var flow = await StartAsync();
        var contract = await NegotiateAsync(flow);

        var receipt = await contract.SignalAsync(new ClauseAdded(Number, "a"));

        Assert.Equal((Disposition.Applied, contract.Id), (receipt.Disposition, receipt.WorkflowId));
        Assert.Equal(["a"], contract.Instance.Clauses);
        Assert.Equal("EventReceived", (await contract.HistoryAsync())[^1].Kind);
    }

    [Fact]
    public async Task A_signal_that_the_state_ignores_is_dropped_and_the_sender_is_told()
    {
        await using var flow = await StartAsync();
        var contract = await flow.StartAsync(new ContractWanted(Number));

        var receipt = await contract.SignalAsync(new Viewed(Number));
        await contract.Activity("Prepare").CompleteAsync("ready");

        Assert.Equal(Disposition.Ignored, receipt.Disposition);
        await contract.ShouldBeInAsync(x => x.Negotiating);
    }

    [Fact]
    [Trait("Req", "P10")]
    public async Task A_signal_that_is_sent_twice_is_applied_once()
    {
        await using var flow = await StartAsync();
        var contract = await NegotiateAsync(flow);

        await contract.SignalAsync(new ClauseAdded(Number, "a"), messageId: "clause-1");
        var again = await contract.SignalAsync(new ClauseAdded(Number, "a"), messageId: "clause-1");
        var other = await contract.SignalAsync(new ClauseAdded(Number, "b"), messageId: "clause-1");

        Assert.Equal((Disposition.Duplicate, Disposition.DuplicateConflict), (again.Disposition, other.Disposition));
        Assert.Equal(["a"], contract.Instance.Clauses);
    }

    [Fact]
    [Trait("Req", "REL-R15")]
    [Trait("Req", "REL-4.6-48")]
    public async Task A_signal_before_the_start_is_told_that_there_is_no_such_workflow()
    {
        await using var flow = await StartAsync();

        var early = await SignalAsync(flow, new SignalWorkflow { WorkflowType = "contract", BusinessKey = Number, Event = "ClauseAdded", Message = Clause("a") });
        await flow.PublishAsync(new ClauseAdded(Number, "b"));
        var contract = await NegotiateAsync(flow);

        Assert.Equal(Disposition.UnknownWorkflow, early.Disposition);
        Assert.Empty(contract.Instance.Clauses);
    }

    [Fact]
    [Trait("Req", "P9")]
    [Trait("Req", "REL-4.6-48")]
    public async Task A_signal_for_a_workflow_that_has_ended_is_told_so()
    {
        await using var flow = await StartAsync();
        var contract = await NegotiateAsync(flow);
        await contract.SignalAsync(new Accepted(contract.Id, "Ann"));

        var late = await contract.SignalAsync(new ClauseAdded(Number, "a"));

        Assert.Equal(Disposition.WorkflowClosed, late.Disposition);
    }

    [Fact]
    [Trait("Req", "REL-4.6-48")]
    public async Task A_signal_for_a_workflow_that_was_canceled_is_told_so()
    {
        await using var flow = await StartAsync();
        var contract = await NegotiateAsync(flow);
        await contract.CancelAsync("no longer wanted");

        var late = await contract.SignalAsync(new ClauseAdded(Number, "a"));

        Assert.Equal(Disposition.Canceled, late.Disposition);
    }

    [Fact]
    public async Task A_client_names_the_workflow_by_its_business_key_too()
    {
        await using var flow = await StartAsync();
        var contract = await NegotiateAsync(flow);

        var receipt = await SignalAsync(
            flow, new SignalWorkflow { WorkflowType = "contract", BusinessKey = Number, Event = "ClauseAdded", Message = Clause("a") });

        Assert.Equal((Disposition.Applied, contract.Id), (receipt.Disposition, receipt.WorkflowId));
    }

    [Theory]
    [Trait("Req", "REL-4.6-48")]
    [InlineData("Shouted", "{}", "takes no signal 'Shouted'. It takes: 'Accepted' (Accepted), 'ClauseAdded' (ClauseAdded), 'Viewed' (Viewed).")]
    [InlineData("ContractWanted", "{}", "takes no signal 'ContractWanted'")]
    [InlineData("", "{}", "names no event")]
    [InlineData("Viewed", "null", "null")]
    [InlineData("Viewed", """{"number":[]}""", "number")]
    public async Task A_signal_that_the_workflow_does_not_know_is_malformed_and_the_known_ones_are_named(string name, string message, string detail)
    {
        await using var flow = await StartAsync();
        var contract = await flow.StartAsync(new ContractWanted(Number));

        var receipt = await SignalAsync(flow, new SignalWorkflow { WorkflowId = contract.Id, Event = name, Message = RawJson.Parse(message) });

        Assert.Equal(Disposition.Malformed, receipt.Disposition);
        Assert.Contains(detail, receipt.Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P9")]
    [Trait("Req", "REL-4.6-49")]
    public async Task A_signal_beyond_the_bound_is_refused_by_name_and_may_come_again()
    {
        await using var flow = await StartAsync(keptMessages: 3);
        var contract = await flow.StartAsync(new ContractWanted(Number));
        for (var i = 0; i < 3; i++)
        {
            await contract.SignalAsync(new ClauseAdded(Number, $"{i}"));
        }

        var refused = await contract.SignalAsync(new Accepted(contract.Id, "Ann"), messageId: "signature");
        await contract.Activity("Prepare").CompleteAsync("ready");
        var again = await contract.SignalAsync(new Accepted(contract.Id, "Ann"), messageId: "signature");

        Assert.Equal((Disposition.TooMany, Disposition.Applied), (refused.Disposition, again.Disposition));
        Assert.Equal(3, (await contract.ShouldBeCompletedAsync<AcceptedContract>()).Clauses.Length);
    }

    [Fact]
    [Trait("Req", "P10")]
    public async Task A_published_signal_that_cannot_be_placed_is_put_aside_with_the_reason()
    {
        await using var flow = await StartAsync(keptMessages: 0);
        await flow.StartAsync(new ContractWanted(Number));

        var beyond = await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.PublishAsync(new ClauseAdded(Number, "a")));
        var nameless = await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.PublishAsync(new ClauseAdded(" ", "b")));

        Assert.Contains("quarantine: ClauseAdded: Workflow", beyond.Message, StringComparison.Ordinal);
        Assert.Contains("too_many", beyond.Message, StringComparison.Ordinal);
        Assert.Contains("The business key is empty", nameless.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await flow.Engine.Get<IQuarantine>().ReadAsync(10, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_workflow_that_goes_round_in_circles_fails_by_name()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CircleWorkflow, CircleInstance>());

        var circle = await flow.StartAsync(new CircleBegun("round"));

        Assert.Equal("NeverRests", (await circle.ShouldHaveFailedAsync()).Type);
    }

    [Fact]
    public void A_signal_must_name_exactly_one_way_to_its_workflow()
    {
        var none = Record.Exception(() => new SignalDefinition<Viewed>("Viewed", new SignalOptions<Viewed>()));

        Assert.Contains("must name one way", Assert.IsType<SagaFlowException>(none).Message, StringComparison.Ordinal);
    }

    private static System.Text.Json.JsonElement Clause(string text) => RawJson.Parse($$"""{"number":"{{Number}}","text":"{{text}}"}""");

    private static async Task<Receipt> SignalAsync(SagaFlowHarness flow, SignalWorkflow signal)
    {
        var receipt = await flow.Engine.Get<SignalIngress>().SignalAsync(signal, CancellationToken.None);
        await flow.RunUntilIdleAsync();
        return receipt;
    }

    private static async Task<WorkflowHandle<ContractWorkflow, ContractInstance>> NegotiateAsync(
        SagaFlowHarness<ContractWorkflow, ContractInstance> flow)
    {
        var contract = await flow.StartAsync(new ContractWanted(Number));
        await contract.Activity("Prepare").CompleteAsync("ready");
        return contract;
    }

    private static Task<SagaFlowHarness<ContractWorkflow, ContractInstance>> StartAsync(int keptMessages = 1_000) =>
        SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<ContractWorkflow, ContractInstance>()
            .ConfigureServices(services => services.AddSingleton(new EngineLimits { KeptMessages = keptMessages, DeliveryHold = TimeSpan.Zero })));
}
