using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Testing;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Workflows;

/// <summary>The data-routing example that the project began with.</summary>
public sealed class RoutingWorkflowTests
{
    private static readonly RoutePacket Packet = new("packet-1");

    [Fact]
    [Trait("Req", "D14")]
    [Trait("Req", "D2")]
    public async Task A_bad_route_is_followed_by_a_good_one()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.GetRoute).Returns(new Route("badRoute"), new Route("goodRoute"));
        flow.OnActivity(x => x.Transmit).Returns(transmit =>
            transmit.Provider == "goodRoute" ? new TransmitReceipt(Delivered: true) : throw new TimeoutException("activity timed out"));

        var routing = await flow.StartAsync(Packet with { GetRouteMaximumAttempts = 1 });

        var outcome = await routing.ShouldBeCompletedAsync<RoutingOutcome>();
        Assert.Equal(["badRoute"], outcome.FailedProviders);
        Assert.Equal("goodRoute", outcome.Provider);
        Assert.True(outcome.Delivered);
    }

    [Fact]
    [Trait("Req", "D1")]
    [Trait("Req", "D3")]
    [Trait("Req", "E2")]
    [Trait("Req", "E17")]
    public async Task A_handler_hands_its_token_on_and_the_service_completes_much_later()
    {
        var service = new TransmitService();
        await using var flow = await StartWithServiceAsync(service);
        flow.OnActivity(x => x.GetRoute).Returns(new Route("RouteA"));
        var routing = await flow.StartAsync(Packet);
        await flow.AdvanceAsync(TimeSpan.FromSeconds(9));
        await routing.ShouldBeInAsync(x => x.Transmit.Pending);

        var receipt = await flow.AnswerAsync($$$"""{"kind":"completed","taskToken":"{{{service.Tokens[0]}}}","result":{"delivered":true}}""");

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.True((await routing.ShouldBeCompletedAsync<RoutingOutcome>()).Delivered);
    }

    [Fact]
    [Trait("Req", "D4")]
    [Trait("Req", "D5")]
    [Trait("Req", "D6")]
    [Trait("Req", "D11")]
    public async Task A_late_acknowledgement_is_refused_and_the_next_provider_is_tried()
    {
        var service = new TransmitService();
        await using var flow = await StartWithServiceAsync(service);
        flow.OnActivity(x => x.GetRoute).Returns(new Route("RouteA"), new Route("RouteB"));
        var routing = await flow.StartAsync(Packet);
        await flow.AdvanceAsync(TimeSpan.FromSeconds(10));

        var late = await flow.AnswerAsync(Completed(service.Tokens[0]));
        await routing.ShouldBeInAsync(x => x.Transmit.Pending);
        var inTime = await flow.AnswerAsync(Completed(service.Tokens[1]));

        Assert.Equal(Disposition.TimedOut, late.Disposition);
        Assert.Equal(Disposition.Applied, inTime.Disposition);
        var outcome = await routing.ShouldBeCompletedAsync<RoutingOutcome>();
        Assert.Equal("RouteB", outcome.Provider);
        Assert.Equal(["RouteA"], outcome.FailedProviders);
    }

    [Fact]
    [Trait("Req", "D7")]
    public async Task Four_providers_are_tried_and_kept_in_order()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.GetRoute).Returns(new Route("A"), new Route("B"), new Route("C"), new Route("D"));
        flow.OnActivity(x => x.Transmit).IsPending().Always();
        var routing = await flow.StartAsync(Packet);

        await flow.AdvanceAsync(TimeSpan.FromSeconds(40));

        var outcome = await routing.ShouldBeCompletedAsync<RoutingOutcome>();
        Assert.False(outcome.Delivered);
        Assert.Equal(["A", "B", "C", "D"], outcome.FailedProviders);
    }

    [Theory]
    [Trait("Req", "D8")]
    [Trait("Req", "D9")]
    [InlineData(1, 0)]
    [InlineData(3, 3)]
    [InlineData(4, 7)]
    public async Task GetRoute_is_tried_as_often_as_the_workflow_s_input_says(int attempts, int seconds)
    {
        await using var flow = await StartAsync();
        var getRoute = flow.OnActivity(x => x.GetRoute).Fails("NetworkError", "network disconnect").Always();

        var routing = await flow.StartAsync(Packet with { GetRouteMaximumAttempts = attempts });
        await flow.AdvanceAsync(TimeSpan.FromSeconds(seconds));

        Assert.Equal(attempts, getRoute.Calls.Count);
        Assert.Equal($"Gave up on GetRoute after {attempts} attempts", (await routing.ShouldHaveFailedAsync()).Message);
    }

    [Fact]
    [Trait("Req", "D8")]
    [Trait("Req", "D15")]
    public async Task GetRoute_recovers_on_its_last_attempt()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.GetRoute)
            .Fails("NetworkError", "network disconnect")
            .Fails("NetworkError", "network disconnect")
            .Returns(new Route("A"));
        flow.OnActivity(x => x.Transmit).Returns(new TransmitReceipt(true));
        var routing = await flow.StartAsync(Packet);

        await flow.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Equal("A", (await routing.ShouldBeCompletedAsync<RoutingOutcome>()).Provider);
    }

    [Fact]
    [Trait("Req", "D13")]
    public async Task A_retry_starts_at_the_very_instant_the_policy_allows()
    {
        await using var flow = await StartAsync();
        var getRoute = flow.OnActivity(x => x.GetRoute).Fails("NetworkError", "network disconnect").NeverStarts();
        await flow.StartAsync(Packet);

        await flow.AdvanceAsync(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        var before = getRoute.Calls.Count;
        await flow.AdvanceAsync(TimeSpan.FromTicks(1));

        Assert.Equal(1, before);
        Assert.Equal(2, getRoute.Calls.Count);
    }

    [Fact]
    [Trait("Req", "D10")]
    public async Task A_service_that_cannot_be_reached_fails_the_activity_and_leaves_nothing_pending()
    {
        var service = new TransmitService { IsDown = true };
        await using var flow = await StartWithServiceAsync(service);
        flow.OnActivity(x => x.GetRoute).Returns(new Route("A"), new Route("B"), new Route("C"), new Route("D"));

        var routing = await flow.StartAsync(Packet);

        Assert.False((await routing.ShouldBeCompletedAsync<RoutingOutcome>()).Delivered);
        Assert.Empty(flow.Requests);
    }

    [Fact]
    [Trait("Req", "E28")]
    public async Task A_handler_sees_when_it_was_scheduled_and_how_often_it_was_tried()
    {
        var service = new TransmitService();
        await using var flow = await StartWithServiceAsync(service);
        flow.OnActivity(x => x.GetRoute).Returns(new Route("A"));

        var routing = await flow.StartAsync(Packet);

        Assert.Equal([(routing.Id, "Transmit-1", 0, flow.Now)], service.Seen);
    }

    private static string Completed(string token) =>
        $$$"""{"kind":"completed","taskToken":"{{{token}}}","result":{"delivered":true}}""";

    private static Task<SagaFlowHarness<RoutingWorkflow, RoutingInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<RoutingWorkflow, RoutingInstance>());

    private static Task<SagaFlowHarness<RoutingWorkflow, RoutingInstance>> StartWithServiceAsync(TransmitService service) =>
        SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<RoutingWorkflow, RoutingInstance>()
            .AddHandler<TransmitHandler>()
            .ConfigureServices(services => services.AddSingleton(service)));

    private sealed class TransmitService
    {
        public bool IsDown { get; init; }

        public List<string> Tokens { get; } = [];

        public List<(Guid, string, int, DateTimeOffset)> Seen { get; } = [];
    }

    private sealed class TransmitHandler(TransmitService service) : IActivityHandler<TransmitArguments, TransmitReceipt>
    {
        public Task<ActivityOutcome<TransmitReceipt>> HandleAsync(
            ActivityExecutionContext<TransmitArguments> context, CancellationToken cancellationToken)
        {
            if (service.IsDown)
            {
                throw new HttpRequestException("Connection refused");
            }

            service.Tokens.Add(context.TaskToken);
            service.Seen.Add((context.WorkflowId, context.ActivityId, context.RetryCount, context.ScheduledAt));
            return Task.FromResult<ActivityOutcome<TransmitReceipt>>(ActivityOutcome.Pending);
        }
    }
}
