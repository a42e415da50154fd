using System.Diagnostics;
using System.Text.Json;
using SagaFlow.Contracts;
using SagaFlow.Tokens;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Genuine answers for workflows that the store does not know: those of a database that was restored to an earlier day.</summary>
public sealed class UnknownWorkflowTests
{
    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "P10")]
    [Trait("Req", "REL-R1")]
    public async Task It_is_tried_for_thirty_seconds_put_aside_and_applied_when_it_is_sent_again()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        await using var another = await Stranger.ConnectAsync(engine.Prefix);
        var began = Stopwatch.GetTimestamp();

        var unknown = stranger.AnswerAsync(Completed(TokenOf(engine, "P-restored")), application: "carrier");
        for (var i = 0; i < Ingress.UnknownAnswers.MostWaiting + 50; i++)
        {
            await another.SendAsync($"{engine.Prefix}.answers", JsonSerializer.Serialize(Completed(TokenOf(engine, $"P-lost-{i}"))), "application/json");
        }

        await engine.StartParcelAsync("P-1");
        Assert.Equal("applied", await another.ToldAsync(Completed(await another.TakeTokenAsync())));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "A good answer had to wait for the unknown ones");
        var receipt = await unknown;
        var took = Stopwatch.GetElapsedTime(began);

        Assert.Equal("unknown_workflow", receipt.GetProperty("disposition").GetString());
        Assert.InRange(took, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40));
        var quarantine = engine.Get<IMessageQuarantine>();
        var aside = Assert.Single(await quarantine.ListAsync(1_000), x => x.Sender is not null);
        Assert.StartsWith("unknown_workflow", aside.Reason, StringComparison.Ordinal);
        Assert.Equal("application 'carrier'", aside.Sender);
        Assert.DoesNotContain(TokenOf(engine, "P-restored")[..20], aside.Body, StringComparison.Ordinal);

        var id = await engine.StartParcelAsync("P-restored");
        Assert.True(await quarantine.RequeueAsync(aside.Id));
        await engine.ShouldAllCompleteOnceAsync([id]);
        Assert.True(await quarantine.DropAsync((await quarantine.ListAsync())[0].Id));
    }

    [Fact]
    [Trait("Req", "REL-R1")]
    public async Task An_engine_that_stops_gives_back_what_waits()
    {
        await using var first = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(first.Prefix);
        var unknown = stranger.AnswerAsync(Completed(TokenOf(first, "P-1")));
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);

        var began = Stopwatch.GetTimestamp();
        await first.StopAsync();

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10), $"It took {Stopwatch.GetElapsedTime(began)} to stop");
        Assert.False(unknown.IsCompleted);
        Assert.NotNull(await stranger.TryTakeAsync($"{first.Prefix}.answers"));
    }

    private static object Completed(string taskToken) => new { kind = "completed", taskToken, result = new { parcelId = "DE-7" } };

    private static string TokenOf(BrokerHost engine, string number) => engine.Get<TokenSigner>().Mint(new TokenClaims(
        engine.Prefix, "parcel", WireIds.Workflow(engine.Prefix, "parcel", number), "Ship-1", 1, TokenScopes.All,
        new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero))).Value;
}
