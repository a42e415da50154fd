using System.Text.Json;

namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>What must hold for every printed packet, whatever the chances were.</summary>
internal static class OutcomeRules
{
    private static readonly string[] Providers = ["RouteA", "RouteB", "RouteC", "RouteD"];

    public static void Check(JsonElement outcome)
    {
        var status = outcome.GetProperty("status").GetString();
        var provider = outcome.GetProperty("provider").GetString();
        var failed = outcome.GetProperty("failedProviders").EnumerateArray().Select(x => x.GetString()!).ToArray();

        Assert.Equal(Providers[..failed.Length], failed);
        Assert.Equal(failed.Length + (provider is null ? 0 : 1), outcome.GetProperty("attempts").GetInt32());
        Assert.True(outcome.GetProperty("durationMs").GetInt64() >= 0);
        switch (status)
        {
            case "delivered":
                Assert.Equal(Providers[failed.Length], provider);
                break;
            case "undelivered":
                Assert.Null(provider);
                Assert.Equal(4, failed.Length);
                break;
            default:
                Assert.Equal("failed", status);
                Assert.Null(provider);
                break;
        }
    }
}
