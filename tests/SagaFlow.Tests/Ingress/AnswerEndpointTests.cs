using SagaFlow.Contracts;
using SagaFlow.Tests.AspNetCore;

namespace SagaFlow.Tests.Ingress;

/// <summary>What only a broker can bring with an answer: content types, envelopes, message ids.</summary>
[Collection(CallbackCollection.Name)]
public sealed class AnswerEndpointTests(CallbackHost host)
{
    private const string Envelope = "application/vnd.masstransit+json";

    [Theory]
    [InlineData("application/vnd.masstransit+bson")]
    [InlineData("application/vnd.masstransit+xml")]
    [InlineData("application/x-of-a-stranger")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/json; charset=utf-16")]
    [Trait("Req", "REL-4.6-32")]
    [Trait("Req", "REL-4.6-60")]
    public async Task Another_content_type_is_put_aside_even_when_the_body_is_good(string contentType)
    {
        var workflowId = await host.StartAsync();
        var before = await host.SnapshotAsync(workflowId);

        var told = await host.SendAsync(await CompletedAsync(workflowId), x => x with { ContentType = contentType });

        Assert.Equal((Disposition.Malformed, "content_type"), (told.Disposition, told.Code));
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("gzip", "(gzip)")]
    [InlineData("br", "(br)")]
    [InlineData("gzip, identity\r\n", "(of an unknown form)")]
    [Trait("Req", "REL-4.6-31")]
    public async Task A_content_encoding_is_refused_by_name_whatever_the_body_holds(string contentEncoding, string form)
    {
        var workflowId = await host.StartAsync();
        var before = await host.SnapshotAsync(workflowId);

        var told = await host.SendAsync(await CompletedAsync(workflowId), x => x with { ContentEncoding = contentEncoding });

        Assert.Equal((Disposition.Malformed, "content_encoding", "content_encoding"), (told.Disposition, told.Code, told.Receipt!.Code));
        Assert.Contains($"{form}; compressed bodies are not accepted", told.Receipt.Detail, StringComparison.Ordinal);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("identity")]
    [InlineData("")]
    public async Task A_content_encoding_that_packs_nothing_is_none(string contentEncoding)
    {
        var workflowId = await host.StartAsync();

        var told = await host.SendAsync(await CompletedAsync(workflowId), x => x with { ContentEncoding = contentEncoding });

        Assert.Equal(Disposition.Applied, told.Disposition);
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [Trait("Req", "E25")]
    [Trait("Req", "M1")]
    public async Task A_claim_of_another_attempt_than_its_tokens_is_stale_and_grants_nothing(int current, int meant)
    {
        var workflowId = await host.StartAsync();
        for (var attempt = 1; attempt < current; attempt++)
        {
            await host.SendAsync(BadInput.Bytes(
                $$$"""{"kind":"failed","taskToken":"{{{await host.TokenAsync(workflowId, attempt: attempt)}}}","failure":{"type":"t","message":"m"}}"""));
            await host.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        var token = await host.TokenAsync(workflowId, attempt: current);
        byte[] Claim(int attempt) => BadInput.Bytes($$"""{"kind":"started","taskToken":"{{token}}","claimId":"c-1","attempt":{{attempt}}}""");

        var before = await host.SnapshotAsync(workflowId);
        var odd = await host.SendAsync(Claim(meant));
        var unchanged = await host.SnapshotAsync(workflowId);
        var good = await host.SendAsync(Claim(current));

        Assert.Equal((Disposition.StaleAttempt, current, true), (odd.Disposition, odd.Receipt!.CurrentAttempt, odd.Receipt.CancelRequested));
        Assert.Equal(before, unchanged);
        Assert.Equal(Disposition.Applied, good.Disposition);
    }

    [Theory]
    [InlineData("urn:message:Of.A:Stranger", "message_type")]
    [InlineData("urn:message:sagaflow:activity-finished", "message_type")]
    [InlineData("urn:message:sagaflow:activity-failed", "kind")]
    [Trait("Req", "REL-4.6-59")]
    public async Task An_envelope_of_an_unknown_or_contradicting_type_is_put_aside(string urn, string code)
    {
        var workflowId = await host.StartAsync();
        var before = await host.SnapshotAsync(workflowId);

        var told = await host.SendAsync(Wrap(urn, await CompletedAsync(workflowId)), x => x with { ContentType = Envelope });

        Assert.Equal((Disposition.Malformed, code), (told.Disposition, told.Code));
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Fact]
    [Trait("Req", "REL-4.6-59")]
    public async Task An_envelopes_message_type_gives_the_kind_that_its_body_leaves_out()
    {
        var workflowId = await host.StartAsync();
        var body = BadInput.Bytes($$"""{"taskToken":"{{await host.TokenAsync(workflowId)}}","result":{"by":"Ann"} }""");

        var told = await host.SendAsync(Wrap("urn:message:sagaflow:activity-completed", body), x => x with { ContentType = Envelope });

        Assert.Equal(Disposition.Applied, told.Disposition);
        Assert.Equal("""{"by":"Ann"}""", (await host.ActivityAsync(workflowId)).Result);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no uuid at all")]
    [Trait("Req", "REL-4.6-56")]
    [Trait("Req", "REL-4.6-57")]
    [Trait("Req", "REL-4.6-58")]
    [Trait("Req", "E13")]
    public async Task Raw_json_is_taken_with_whatever_for_a_message_id_and_its_repeat_is_a_duplicate(string? messageId)
    {
        var workflowId = await host.StartAsync();
        var body = await CompletedAsync(workflowId);

        var first = await host.SendAsync(body, x => x with { MessageId = messageId });
        var again = await host.SendAsync(body, x => x with { MessageId = messageId });

        Assert.Equal(Disposition.Applied, first.Disposition);
        Assert.Equal(Disposition.Duplicate, again.Disposition);
    }

    [Fact]
    [Trait("Req", "REL-4.6-57")]
    public async Task One_message_id_for_two_outcomes_does_not_hide_the_second()
    {
        var workflowId = await host.StartAsync();
        var token = await host.TokenAsync(workflowId);
        byte[] Body(int result) => BadInput.Bytes($$"""{"kind":"completed","taskToken":"{{token}}","messageId":"m-1","result":{{result}}}""");

        await host.SendAsync(Body(1), x => x with { MessageId = "0197e2c4-0000-4000-8000-000000000001" });
        var second = await host.SendAsync(Body(2), x => x with { MessageId = "0197e2c4-0000-4000-8000-000000000001" });

        Assert.Equal(Disposition.DuplicateConflict, second.Disposition);
    }

    [Fact]
    [Trait("Req", "REL-4.6-61")]
    public async Task Forged_addresses_in_an_envelope_are_not_written_to()
    {
        var workflowId = await host.StartAsync();
        var victim = await host.InboxAsync("victim");
        var addresses = """ "sourceAddress":"loopback://localhost/victim","responseAddress":"loopback://elsewhere/victim","faultAddress":"loopback://localhost/victim", """;

        var told = await host.SendAsync(
            Wrap("urn:message:sagaflow:activity-completed", await CompletedAsync(workflowId), addresses), x => x with { ContentType = Envelope });

        Assert.Equal(Disposition.Applied, told.Disposition);
        Assert.True(victim.IsEmpty);
    }

    private async Task<byte[]> CompletedAsync(Guid workflowId) =>
        BadInput.Bytes($$"""{"kind":"completed","taskToken":"{{await host.TokenAsync(workflowId)}}","result":{"by":"Ann"} }""");

    private static byte[] Wrap(string urn, byte[] message, string more = "") =>
        [.. BadInput.Bytes($$"""{"messageId":"0197e2c4-0000-4000-8000-000000000002","messageType":["{{urn}}"],{{more}}"message":"""), .. message, .. "}"u8];
}
