using DataRouting.Routing;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Samples;

/// <summary>The sample's workflow as its author tests it.</summary>
public sealed class DataRoutingWorkflowTests
{
    private static readonly RoutePacket Packet = new(new Packet("packet-1", "hello"), GetRouteMaximumAttempts: 1);

    [Fact]
    [Trait("Req", "D14")]
    public async Task A_bad_route_is_followed_by_a_good_one()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.GetRoute).Returns(new Route("badRoute"), new Route("goodRoute"));
        flow.OnActivity(x => x.Transmit).Returns(transmit => transmit.Provider == "goodRoute"
            ? new TransmitReceipt(Delivered: true)
            : throw new TimeoutException("activity timed out"));

        var routing = await flow.StartAsync(Packet);

        var result = await routing.ShouldBeCompletedAsync<RoutingResult>();
        Assert.Equal(["badRoute"], result.FailedProviders);
        Assert.Equal("goodRoute", result.Provider);
        Assert.Equal("delivered", result.Status);
    }

    [Fact]
    [Trait("Req", "D5")]
    [Trait("Req", "D7")]
    public async Task Four_lost_acknowledgements_leave_the_packet_undelivered()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.GetRoute).Returns(new Route("A"), new Route("B"), new Route("C"), new Route("D"));
        flow.OnActivity(x => x.Transmit).IsPending().Always();

        var routing = await flow.StartAsync(Packet);
        await flow.AdvanceAsync(TimeSpan.FromSeconds(40));

        var result = await routing.ShouldBeCompletedAsync<RoutingResult>();
        Assert.Equal("undelivered", result.Status);
        Assert.Equal(["A", "B", "C", "D"], result.FailedProviders);
    }

    [Fact]
    [Trait("Req", "D11")]
    public async Task Each_provider_that_failed_is_published_by_name()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.GetRoute).Returns(new Route("A"), new Route("B"));
        flow.OnActivity(x => x.Transmit).Fails("Busy", "The line is busy").Returns(new TransmitReceipt(true));

        await flow.StartAsync(Packet);

        Assert.Equal([new ProviderFailed("packet-1", "A", "The line is busy")], flow.Published<ProviderFailed>());
    }

    [Theory]
    [Trait("Req", "D8")]
    [Trait("Req", "D9")]
    [InlineData(1)]
    [InlineData(3)]
    public async Task When_no_route_can_be_had_the_failure_counts_the_attempts(int attempts)
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.GetRoute).Fails("IOException", "network disconnect").Always();

        var routing = await flow.StartAsync(Packet with { GetRouteMaximumAttempts = attempts });
        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal($"Gave up on GetRoute after {attempts} attempts", (await routing.ShouldHaveFailedAsync()).Message);
    }

    private static Task<SagaFlowHarness<DataRoutingWorkflow, DataRoutingInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<DataRoutingWorkflow, DataRoutingInstance>()
            .ConfigureServices(services => services.AddSingleton(new RoutingTimes(1))));
}
