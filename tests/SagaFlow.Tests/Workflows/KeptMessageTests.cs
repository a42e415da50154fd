using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Storage;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

public sealed class KeptMessageTests
{
    private const string Type = "crate";
    private const string Number = "C-1";

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_kept_message_that_does_not_fit_its_class_any_more_is_dropped_and_the_workflow_goes_on()
    {
        await using var old = await StartOldAsync();
        await old.Workflow(Number).SignalAsync(new CrateWeighed(Number, 700));

        await using var flow = await old.RestartAsync(x => x.AddWorkflow<CrateWorkflowOfLater, CrateInstance>(Type));
        var crate = flow.Workflow(Number);
        await crate.SignalAsync(new CrateSealed(Number));
        await crate.Activity("Pack").CompleteAsync("packed");

        Assert.Equal(["sealed"], crate.Instance.Notes);
        var dropped = Assert.Single(await crate.HistoryAsync(), x => x.Kind == "EventDropped");
        Assert.Contains("does not fit 'UnitCrateWeighed' any more", dropped.Data!.Value.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_kept_message_of_an_event_that_this_release_does_not_know_stays_for_one_that_does()
    {
        await using var old = await StartOldAsync();
        await old.Workflow(Number).SignalAsync(new CrateLabeled(Number, "fragile"));

        await using var flow = await old.RestartAsync(x => x.AddWorkflow<CrateWorkflowOfLater, CrateInstance>(Type));
        var crate = flow.Workflow(Number);
        await crate.SignalAsync(new CrateSealed(Number));
        await crate.Activity("Pack").CompleteAsync("packed");

        Assert.Equal(["sealed"], crate.Instance.Notes);

        await using var again = await flow.RestartAsync(x => x.AddWorkflow<CrateWorkflow, CrateInstance>(Type));
        await again.Workflow(Number).SignalAsync(new CrateWeighed(Number, 700));

        Assert.Equal(["sealed", "700 g", "fragile"], again.Workflow(Number).Instance.Notes);
        Assert.DoesNotContain(await again.Workflow(Number).HistoryAsync(), x => x.Kind == "EventDropped");
    }

    [Theory]
    [Trait("Req", "P8")]
    [InlineData(1_000, "own")]
    [InlineData(1, "hello")]
    public async Task A_kept_message_that_its_state_raises_again_is_kept_again_also_when_all_places_are_taken(int keptMessages, string first)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<RelayWorkflow, RelayInstance>()
            .ConfigureServices(services => services.AddSingleton(new EngineLimits { KeptMessages = keptMessages, DeliveryHold = TimeSpan.Zero })));
        var relay = await flow.StartAsync(new RelayOpened("A"));
        await relay.SignalAsync(new RelaySpoken("A", "hello"));

        var passed = await relay.SignalAsync(new RelaySwitched("A"));
        await relay.ShouldBeInAsync(x => x.Holding);
        await relay.SignalAsync(new RelaySwitched("A"));

        Assert.Equal(Disposition.Applied, passed.Disposition);
        Assert.Contains(first, relay.Instance.Heard);
        Assert.Contains("hello", relay.Instance.Heard);
    }

    [Fact]
    public async Task A_timer_whose_message_cannot_be_read_fails_its_workflow_by_name()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CrateWorkflowOfLater, CrateInstance>(Type));
        var crate = await flow.StartAsync(new CratePosted(Number));
        var timer = new TimerRecord(
            crate.Id, Guid.Parse("8d6e0c5e-6b9b-5f0e-9a57-0c8a4b6a6a11"), Type, MessageUrn.ForTypeString<CrateReminded>(),
            """{"days":"many"}""", flow.Now + TimeSpan.FromMinutes(1), 1, flow.Now);
        await flow.Engine.Get<IWorkflowStore>().CommitAsync([new ChangeSet(crate.Id) { Timers = [timer] }], CancellationToken.None);

        await flow.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("UnreadableTimer", (await crate.ShouldHaveFailedAsync()).Type);
    }

    [Fact]
    [Trait("Req", "P8")]
    public async Task Events_that_the_machine_raises_itself_are_kept_with_their_own_data()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<EchoWorkflow, EchoInstance>());
        var echo = await flow.StartAsync(new EchoCalled("canyon"));

        var receipt = await echo.SignalAsync(new EchoListened("canyon"));

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal(["first", "second"], echo.Instance.Heard);
    }

    [Fact]
    [Trait("Req", "P8")]
    public async Task An_event_that_the_machine_raises_before_it_goes_to_the_state_that_handles_it_is_raised_there()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<EchoWorkflow, EchoInstance>());

        var echo = await flow.StartAsync(new EchoCalled("canyon", AtOnce: true));

        Assert.Equal(["first", "second"], echo.Instance.Heard);
    }

    [Fact]
    public async Task An_event_without_data_that_no_state_handles_fails_the_workflow_by_name()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<EchoWorkflow, EchoInstance>());

        var echo = await flow.StartAsync(new EchoCalled("canyon", Bare: true));

        var failure = await echo.ShouldHaveFailedAsync();
        Assert.Equal("UnhandledEvent", failure.Type);
        Assert.Contains("does not handle 'Silence'", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<SagaFlowHarness<CrateWorkflow, CrateInstance>> StartOldAsync()
    {
        var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<CrateWorkflow, CrateInstance>(Type));
        await flow.StartAsync(new CratePosted(Number));
        return flow;
    }
}
