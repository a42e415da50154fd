using System.Text.Json;

namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>The sample's outcomes for the chances that a user may give.</summary>
public sealed class ChanceTests
{
    // The first committed outcome wins: a prompt acknowledgement is seconds before the timeout and a late one well behind it,
    // so that a busy machine does not turn one into the other.
    private const string Unhurried = "0.3";

    [Fact]
    [Trait("Req", "D1")]
    [Trait("Req", "D3")]
    public async Task Without_trouble_every_packet_is_delivered_by_the_first_provider()
    {
        var outcomes = await RunAsync(20, route: 0, loss: 0, late: 0, scale: Unhurried);

        Assert.All(outcomes, x => Assert.Equal("delivered", x.GetProperty("status").GetString()));
        Assert.All(outcomes, x => Assert.Equal("RouteA", x.GetProperty("provider").GetString()));
        Assert.All(outcomes, x => Assert.Equal(1, x.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    [Trait("Req", "D9")]
    public async Task When_no_route_can_be_had_every_packet_fails_before_any_provider_is_tried()
    {
        var outcomes = await RunAsync(10, route: 100, loss: 0, late: 0);

        Assert.All(outcomes, x => Assert.Equal("failed", x.GetProperty("status").GetString()));
        Assert.All(outcomes, x => Assert.Equal(0, x.GetProperty("attempts").GetInt32()));
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(0, 100)]
    [Trait("Req", "D5")]
    [Trait("Req", "D6")]
    [Trait("Req", "D7")]
    public async Task When_no_acknowledgement_comes_in_time_four_providers_are_tried_in_order(int loss, int late)
    {
        var outcomes = await RunAsync(5, route: 0, loss, late, scale: Unhurried);

        Assert.All(outcomes, x => Assert.Equal("undelivered", x.GetProperty("status").GetString()));
        Assert.All(outcomes, x => Assert.Equal(
            ["RouteA", "RouteB", "RouteC", "RouteD"],
            x.GetProperty("failedProviders").EnumerateArray().Select(p => p.GetString()!)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public async Task With_chances_in_between_every_packet_ends_by_the_rules(int chance)
    {
        var outcomes = await RunAsync(40, chance, chance, chance);

        Assert.Equal(40, outcomes.Count);
        Assert.All(outcomes, outcome => OutcomeRules.Check(outcome));
    }

    [Fact]
    public async Task The_same_seed_repeats_the_same_fates()
    {
        var first = await RunAsync(30, 30, 20, 0, seed: 99, scale: Unhurried);
        var second = await RunAsync(30, 30, 20, 0, seed: 99, scale: Unhurried);

        Assert.Equal(first.Select(Fate).Order(StringComparer.Ordinal), second.Select(Fate).Order(StringComparer.Ordinal));
        Assert.True(first.Select(x => x.GetProperty("status").GetString() + x.GetProperty("attempts")).Distinct().Count() > 1);
    }

    private static string Fate(JsonElement outcome) =>
        $"{outcome.GetProperty("id")} {outcome.GetProperty("status")} {outcome.GetProperty("provider")}";

    private static async Task<IReadOnlyList<JsonElement>> RunAsync(int packets, int route, int loss, int late, int seed = 7, string scale = "0.05")
    {
        using var folder = new RoutingFolder();
        folder.WritePackets(packets);
        using var process = RoutingProcess.Start(
            "--packets", folder.Packets, "--time-scale", scale, "--seed", $"{seed}",
            "--route-error-chance", $"{route}", "--ack-loss-chance", $"{loss}", "--ack-late-chance", $"{late}");

        Assert.Equal(0, await process.FinishAsync());

        return [.. process.Output.Select(x => JsonDocument.Parse(x).RootElement)];
    }
}
