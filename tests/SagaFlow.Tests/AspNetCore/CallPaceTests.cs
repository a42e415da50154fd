using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.Contracts;
using SagaFlow.Tests.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Callers that come too often.</summary>
public sealed class CallPaceTests
{
    private const string Fields = $$""" "taskToken":"{{WireSamples.Token}}" """;

    [Fact]
    [Trait("Req", "REL-4.6-22")]
    public async Task Heartbeats_of_one_token_above_the_pace_are_told_to_come_later_and_its_end_is_not()
    {
        var taken = 0;
        await using var server = await CallbackServer.StartAsync((_, _) =>
        {
            Interlocked.Increment(ref taken);
            return Task.FromResult(new Receipt(Disposition.Applied));
        });

        var heartbeats = new List<HttpResponseMessage>();
        for (var i = 0; i < 500; i++)
        {
            heartbeats.Add(await server.PostAsync($"{{{Fields}}}", "/activities/heartbeat"));
        }

        var refused = heartbeats.Where(x => (int)x.StatusCode == 429).ToList();
        using var completed = await server.PostAsync($"{{{Fields},\"result\":1}}");

        Assert.InRange(heartbeats.Count - refused.Count, 20, 450);
        Assert.Equal(taken, heartbeats.Count - refused.Count + 1);
        Assert.All(refused, x => Assert.NotNull(x.Headers.RetryAfter));
        Assert.Contains("too_many_heartbeats", await refused[0].Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (int)completed.StatusCode);
    }

    [Fact]
    public async Task Invalid_tokens_of_one_address_above_the_pace_get_a_429_and_genuine_ones_are_served()
    {
        var limits = new CallbackLimits { InvalidTokensPerSecond = 1 };
        await using var server = await CallbackServer.StartAsync(
            (answer, _) => Task.FromResult(new Receipt(answer.Kind is AnswerKind.Started ? Disposition.Applied : Disposition.InvalidToken)), limits);

        var statuses = new List<int>();
        for (var i = 0; i < 50; i++)
        {
            using var response = await server.PostAsync($"{{{Fields},\"result\":{i}}}");
            statuses.Add((int)response.StatusCode);
        }

        using var genuine = await server.PostAsync($"{{{Fields}}}", "/activities/started");

        Assert.Equal([401, 401], statuses[..2]);
        Assert.Contains(429, statuses);
        Assert.All(statuses, x => Assert.True(x is 401 or 429));
        Assert.Equal(200, (int)genuine.StatusCode);
    }
}
