using System.Net;
using System.Text.Json;
using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.Contracts;
using SagaFlow.Tests.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Trouble behind the endpoint, and callers that take its time.</summary>
public sealed class CallbackEndpointTests
{
    private const string Body = $$"""{"taskToken":"{{WireSamples.Token}}","result":1}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Req", "REL-4.6-70")]
    [Trait("Req", "REL-I20")]
    [Trait("Req", "P9")]
    public async Task While_the_database_is_away_the_caller_is_told_to_come_again_and_nothing_else()
    {
        using var logs = new LogCapture();
        await using var server = await CallbackServer.StartAsync((_, _) => throw new InvalidDataException("disk I/O error at /var/lib/flow.db"), logs: logs);

        using var response = await server.PostAsync(Body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal(
            """{"detail":"The answer could not be taken now. Send the same again.","code":"unavailable","type":"about:blank","title":"Service Unavailable","status":503}""",
            text);
        Assert.True(logs.Contains("disk I/O error"));
        Assert.False(logs.Contains("AQID") || logs.Contains("BAUG"));
    }

    [Fact]
    [Trait("Req", "REL-4.6-70")]
    public async Task An_answer_that_is_not_settled_in_time_is_given_back()
    {
        var time = new ManualTimeProvider();
        var taken = new TaskCompletionSource();
        await using var server = await CallbackServer.StartAsync(
            async (_, cancellationToken) =>
            {
                taken.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return new Receipt(Disposition.Applied);
            },
            time: time);

        var call = server.PostAsync(Body);
        await taken.Task.WaitAsync(Patience);
        time.Advance(TimeSpan.FromSeconds(30));
        using var response = await call.WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    [Trait("Req", "REL-4.6-30")]
    public async Task A_body_that_does_not_come_is_waited_for_15_seconds_and_not_a_tick_longer()
    {
        var time = new ManualTimeProvider();
        await using var server = await CallbackServer.StartAsync((_, _) => Task.FromResult(new Receipt(Disposition.Applied)), time: time);
        using var caller = await RawHttp.ConnectAsync(server.Address);

        await caller.SendAsync("POST /activities/complete HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
        await time.TimerWithinAsync(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(1));
        await time.TimerWithinAsync(TimeSpan.FromTicks(1));
        time.Advance(TimeSpan.FromTicks(1));
        var response = await caller.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408 ", response, StringComparison.Ordinal);
        Assert.Contains("Connection: close", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body_timeout\"", response, StringComparison.Ordinal);
        Assert.DoesNotContain("disposition", response, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-4.6-30")]
    public async Task One_call_above_the_limit_is_sent_away_and_taken_once_there_is_room()
    {
        var (entered, release) = (new SemaphoreSlim(0), new TaskCompletionSource<Receipt>());
        await using var server = await CallbackServer.StartAsync(
            (_, _) =>
            {
                entered.Release();
                return release.Task;
            },
            new CallbackLimits { ConcurrentCalls = 2 });
        var calls = new[] { server.PostAsync(Body), server.PostAsync(Body) };
        Assert.True(await entered.WaitAsync(Patience) && await entered.WaitAsync(Patience));

        using var third = await server.PostAsync(Body);
        release.SetResult(new Receipt(Disposition.Applied));
        var served = await Task.WhenAll(calls);
        using var fourth = await server.PostAsync(Body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Contains("busy", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.All([.. served, fourth], x => Assert.Equal(HttpStatusCode.OK, x.StatusCode));
    }

    [Theory]
    [InlineData("complete", AnswerKind.Completed, """ "result":1 """)]
    [InlineData("fail", AnswerKind.Failed, """ "failure":{"type":"t","message":"m"} """)]
    [InlineData("heartbeat", AnswerKind.Heartbeat, """ "sequence":1 """)]
    [InlineData("started", AnswerKind.Started, """ "runningForMs":1 """)]
    [InlineData("canceled", AnswerKind.Canceled, """ "note":1 """)]
    [InlineData("released", AnswerKind.Released, """ "checkpoint":1 """)]
    [Trait("Req", "E13")]
    public async Task The_route_gives_the_kind_and_the_receipts_disposition_the_status(string verb, AnswerKind kind, string fields)
    {
        foreach (var disposition in Enum.GetValues<Disposition>())
        {
            ActivityAnswer? taken = null;
            await using var server = await CallbackServer.StartAsync((answer, _) =>
            {
                taken = answer;
                return Task.FromResult(new Receipt(disposition, "so", 2, true));
            });

            using var response = await server.PostAsync($$"""{"taskToken":"{{WireSamples.Token}}",{{fields}}}""", $"/activities/{verb}");
            var receipt = JsonElement.Parse(await response.Content.ReadAsStringAsync());

            Assert.Equal((kind, WireSamples.Token), (taken!.Kind, taken.TaskToken));
            Assert.Equal(disposition.ToHttpStatus(), (int)response.StatusCode);
            Assert.Equal(disposition.ToWireName(), receipt.GetProperty("disposition").GetString());
            Assert.Equal(2, receipt.GetProperty("currentAttempt").GetInt32());
            Assert.Equal(disposition.ToHttpStatus() >= 400, receipt.TryGetProperty("code", out _));
        }
    }
}
