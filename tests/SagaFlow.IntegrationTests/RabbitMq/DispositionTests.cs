using System.Text.Json;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Every receipt there is, over the real broker, to a service that knows nothing but JSON.</summary>
[Collection(BrokerCollection.Name)]
public sealed class DispositionTests : IAsyncLifetime
{
    private BrokerHost _engine = null!;
    private Stranger _stranger = null!;

    public async Task InitializeAsync()
    {
        _engine = await BrokerHost.StartEngineAsync();
        _stranger = await Stranger.ConnectAsync(_engine.Prefix);
    }

    public async Task DisposeAsync()
    {
        await _stranger.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "REL-4.6-16")]
    [Trait("Req", "REL-4.6-17")]
    [Trait("Req", "REL-4.6-18")]
    [Trait("Req", "REL-4.6-21")]
    public async Task What_is_said_about_an_open_and_then_a_closed_attempt()
    {
        await _engine.StartParcelAsync("P-1", "silent");
        var taskToken = await _stranger.TakeTokenAsync();

        Assert.Equal("applied", await _stranger.ToldAsync(new { kind = "started", taskToken }));
        Assert.Equal("ignored", await _stranger.ToldAsync(new { kind = "heartbeat", taskToken }));
        Assert.Equal("applied", await _stranger.ToldAsync(Completed(taskToken)));
        Assert.Equal("duplicate", await _stranger.ToldAsync(Completed(taskToken)));
        Assert.Equal("duplicate_conflict", await _stranger.ToldAsync(Completed(taskToken, "other")));
        Assert.Equal("duplicate_conflict", await _stranger.ToldAsync(Failed(taskToken)));
        var late = await _stranger.AnswerAsync(new { kind = "heartbeat", taskToken });
        Assert.Equal("activity_closed", late.GetProperty("disposition").GetString());
        Assert.True(late.GetProperty("cancelRequested").GetBoolean());
    }

    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "REL-4.6-14")]
    public async Task An_old_attempt_is_told_which_one_is_current()
    {
        await _engine.StartParcelAsync("P-1", "watched");
        var first = await _stranger.TakeTokenAsync();
        Assert.Equal("applied", await _stranger.ToldAsync(new { kind = "started", taskToken = first }));

        var second = await _stranger.TakeTokenAsync();
        var stale = await _stranger.AnswerAsync(Completed(first));

        Assert.Equal(("stale_attempt", 2), (stale.GetProperty("disposition").GetString(), stale.GetProperty("currentAttempt").GetInt32()));
        Assert.Equal("applied", await _stranger.ToldAsync(Completed(second)));
    }

    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "D4")]
    [Trait("Req", "REL-4.6-15")]
    public async Task An_answer_after_the_timeout_changes_nothing_and_is_told_so()
    {
        var id = await _engine.StartParcelAsync("P-1", "hurried");
        var taskToken = await _stranger.TakeTokenAsync();
        await ReachedAsync(id, WorkflowStatus.Failed);

        Assert.Equal("timed_out", await _stranger.ToldAsync(Completed(taskToken)));
        await ReachedAsync(id, WorkflowStatus.Failed);
    }

    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "REL-4.6-19")]
    public async Task An_answer_to_a_workflow_that_was_canceled_or_has_ended_is_told_which()
    {
        var canceled = await _engine.StartParcelAsync("P-1");
        var lost = await _stranger.TakeTokenAsync();
        var asked = await _stranger.AskAsync(new { kind = "cancel", workflowId = canceled, reason = "The order was recalled" });
        await _engine.StartParcelAsync("P-2", "insured");
        await _stranger.ToldAsync(Completed(await _stranger.TakeTokenAsync()));

        Assert.Equal("applied", asked.GetProperty("disposition").GetString());
        Assert.Equal("canceled", await _stranger.ToldAsync(Completed(lost)));
        Assert.Equal("workflow_closed", await _stranger.ToldAsync(Completed(await _stranger.TakeTokenAsync("insure"))));
    }

    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "P4")]
    [Trait("Req", "REL-4.6-8")]
    [Trait("Req", "REL-4.6-13")]
    [Trait("Req", "REL-4.6-29")]
    public async Task What_is_refused_before_anything_is_read()
    {
        var id = await _engine.StartParcelAsync("P-1");
        var taskToken = await _stranger.TakeTokenAsync();
        var reporter = Mint(id, x => x with { Scopes = TokenScopes.Heartbeat });

        Assert.Equal("malformed", await _stranger.ToldAsync(Completed("no token")));
        Assert.Equal("invalid_token", await _stranger.ToldAsync(Completed(Forged(taskToken))));
        Assert.Equal("forbidden", await _stranger.ToldAsync(Completed(reporter)));
        Assert.Equal("applied", await _stranger.ToldAsync(new { kind = "heartbeat", taskToken = reporter }));
        Assert.Equal("too_large", await _stranger.ToldAsync(Completed(taskToken, new string('x', WireLimits.BodyBytes))));
        Assert.Equal("applied", await _stranger.ToldAsync(Completed(taskToken)));
    }

    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "P8")]
    public async Task Starts_signals_and_queries_have_receipts_too()
    {
        var message = new { number = "P-1", way = "plain" };
        var start = await _stranger.AskAsync(new { kind = "start", workflowType = "parcel", message });
        var id = start.GetProperty("workflowId").GetGuid();

        string[] told =
        [
            Disposition(start),
            Disposition(await _stranger.AskAsync(new { kind = "start", workflowType = "parcel", message })),
            Disposition(await _stranger.AskAsync(new { kind = "start", workflowType = "parcel", message = new { number = "P-1", way = "other" } })),
            Disposition(await _stranger.AskAsync(new { kind = "start", workflowType = "parsel", message })),
            Disposition(await _stranger.AskAsync(new { kind = "signal", workflowId = id, message = new { number = "P-1", text = "Mind the dog" } })),
            Disposition(await _stranger.AskAsync(new { kind = "signal", workflowId = id, @event = "Rename", message = new { } })),
            Disposition(await _stranger.AskAsync(new { kind = "cancel", workflowType = "parcel", businessKey = "P-9" })),
        ];
        var query = await _stranger.AskAsync(new { kind = "query", what = "workflow", workflowType = "parcel", businessKey = "P-1" });

        Assert.Equal(["applied", "duplicate", "duplicate_conflict", "unknown_workflow", "kept", "malformed", "unknown_workflow"], told);
        Assert.Equal("Ship.Pending", query.GetProperty("workflow").GetProperty("state").GetString());
    }

    private static string Disposition(JsonElement receipt) => receipt.GetProperty("disposition").GetString()!;

    private static object Completed(string taskToken, string parcelId = "DE-7") => new { kind = "completed", taskToken, result = new { parcelId } };

    private static object Failed(string taskToken) => new { kind = "failed", taskToken, failure = new { type = "NoTruck", message = "All trucks are out" } };

    // Another letter in the middle of the signature.
    private static string Forged(string token) => token[..^9] + (token[^9] == 'A' ? 'B' : 'A') + token[^8..];

    private string Mint(Guid workflowId, Func<TokenClaims, TokenClaims> change) => _engine.Get<TokenSigner>().Mint(change(new TokenClaims(
        _engine.Prefix, "parcel", workflowId, "Ship-1", 1, TokenScopes.All, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)))).Value;

    private Task ReachedAsync(Guid id, WorkflowStatus status) => Eventually.HoldsAsync(
        async () => (await _engine.Get<IWorkflowReader>().FindWorkflowAsync(id, default))?.Status == status, $"the workflow is {status}");
}
