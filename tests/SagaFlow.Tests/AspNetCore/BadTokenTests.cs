using System.Buffers.Text;
using SagaFlow.Contracts;
using SagaFlow.Tests.Tokens;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Tokens of the right shape that nobody handed out, or that do not allow what is said.</summary>
[Collection(CallbackCollection.Name)]
public sealed class BadTokenTests(CallbackHost host)
{
    private static readonly Dictionary<string, Func<string, string>> Forgeries = new()
    {
        ["7 an unknown key"] = x => Part(x, 1, _ => "nobody"),
        ["7 a key id like SQL"] = x => Part(x, 1, _ => "--or_1_1--"),
        ["9 a truncated signature"] = x => Part(x, 3, Mac(mac => mac[..31])),
        ["9 an extended signature"] = x => Part(x, 3, Mac(mac => [.. mac, 0])),
        ["9 a signature of zeros"] = x => Part(x, 3, Mac(mac => new byte[mac.Length])),
        ["9 a signature of one byte"] = x => Part(x, 3, Mac(mac => mac[..1])),
    };

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var name in Forgeries.Keys)
        {
            rows.Add(name, "http");
            rows.Add(name, "bus");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Req", "REL-4.6-7")]
    [Trait("Req", "REL-4.6-9")]
    [Trait("Req", "M1")]
    [Trait("Req", "P4")]
    [Trait("Req", "P5")]
    public async Task A_forged_token_is_refused_without_saying_why(string forgery, string road)
    {
        var workflowId = await host.StartAsync();
        var token = Forgeries[forgery](await host.TokenAsync(workflowId));

        await ShouldBeInvalidAsync(workflowId, road, token);

        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-8")]
    [Trait("Req", "M1")]
    [Trait("Req", "P5")]
    public async Task One_flipped_bit_anywhere_in_claims_or_signature_makes_a_token_invalid(string road)
    {
        var workflowId = await host.StartAsync();
        var token = await host.TokenAsync(workflowId);
        var before = await host.SnapshotAsync(workflowId);

        foreach (var part in new[] { 2, 3 })
        {
            var length = Base64Url.DecodeFromChars(token.Split('.')[part]).Length;
            for (var at = 0; at < length; at++)
            {
                var told = await host.TellAsync(road, AnswerKind.Completed, Complete(Part(token, part, Mac(x => Flip(x, at)))));
                Assert.Equal(Disposition.InvalidToken, told.Disposition);
            }
        }

        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-11")]
    [Trait("Req", "M1")]
    public async Task A_token_of_another_deployment_is_invalid_although_the_key_is_the_same(string road)
    {
        var workflowId = await host.StartAsync();

        await ShouldBeInvalidAsync(workflowId, road, host.Mint(workflowId, x => x with { Deployment = "neighbour" }));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-7")]
    [Trait("Req", "P5")]
    public async Task A_token_signed_with_a_strangers_key_of_the_same_name_is_invalid(string road)
    {
        var workflowId = await host.StartAsync();
        var stranger = new TokenSigner(new KeyRing(TokenSamples.Key(host.Get<TokenSigner>().KeyId)));
        var claims = new TokenClaims("sagaflow", "permit", workflowId, "Approve-1", 1, TokenScopes.All, host.Clock.GetUtcNow().AddDays(1));

        await ShouldBeInvalidAsync(workflowId, road, stranger.Mint(claims).Value);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-13")]
    [Trait("Req", "M1")]
    public async Task A_heartbeat_only_token_may_do_nothing_else(string road)
    {
        var workflowId = await host.StartAsync();
        var token = (await host.RequestAsync(workflowId, "Inspect-1")).HeartbeatToken!;
        var before = await host.SnapshotAsync(workflowId);

        var completed = await host.TellAsync(road, AnswerKind.Completed, Complete(token));
        var failed = await host.TellAsync(
            road, AnswerKind.Failed, BadInput.Bytes($$"""{"taskToken":"{{token}}","kind":"failed","failure":{"type":"t","message":"m"} }"""));
        var released = await host.TellAsync(road, AnswerKind.Released, BadInput.Bytes($$"""{"taskToken":"{{token}}","kind":"released"}"""));
        var unchanged = await host.SnapshotAsync(workflowId);
        var heartbeat = await host.TellAsync(road, AnswerKind.Heartbeat, BadInput.Bytes($$"""{"taskToken":"{{token}}","kind":"heartbeat"}"""));

        Assert.All([completed, failed, released], x => Assert.Equal((Disposition.Forbidden, 403), (x.Disposition, x.Status)));
        Assert.Contains("scope", completed.Receipt!.Detail, StringComparison.Ordinal);
        Assert.Equal(before, unchanged);
        Assert.Equal(Disposition.Applied, heartbeat.Disposition);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-10")]
    [Trait("Req", "E15")]
    public async Task A_token_acts_on_the_activity_it_names_and_on_no_other(string road)
    {
        var (mine, others) = (await host.StartAsync(), await host.StartAsync());
        var token = await host.TokenAsync(mine);
        var before = await host.SnapshotAsync(others);

        var told = await host.TellAsync(
            road, AnswerKind.Completed,
            BadInput.Bytes($$"""{"taskToken":"{{token}}","kind":"completed","result":1,"workflowId":"{{others}}","activityId":"Inspect-1"}"""));

        Assert.Equal((Disposition.Applied, mine), (told.Disposition, told.Receipt!.WorkflowId));
        Assert.Equal(before, await host.SnapshotAsync(others));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "M2")]
    public async Task A_genuine_token_of_a_workflow_that_is_not_there_is_told_so(string road)
    {
        var token = host.Mint(new Guid("00000000-0000-4000-8000-000000000001"), x => x);

        var telling = host.TellAsync(road, AnswerKind.Completed, Complete(token));
        var told = await host.AdvanceUntilAsync(telling);

        Assert.Equal((Disposition.UnknownWorkflow, 404), (told.Disposition, told.Status));
    }

    private async Task ShouldBeInvalidAsync(Guid workflowId, string road, string token)
    {
        var before = await host.SnapshotAsync(workflowId);

        var told = await host.TellAsync(road, AnswerKind.Completed, Complete(token));

        Assert.Equal((Disposition.InvalidToken, 401), (told.Disposition, told.Status));
        Assert.Equal("The token was not signed by this deployment", told.Receipt!.Detail);
        Assert.Null(told.Receipt.CurrentAttempt);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
    }

    private static byte[] Complete(string token) => BadInput.Bytes($$"""{"taskToken":"{{token}}","kind":"completed","result":1}""");

    private static string Part(string token, int part, Func<string, string> change)
    {
        var parts = token.Split('.');
        parts[part] = change(parts[part]);
        return string.Join('.', parts);
    }

    private static Func<string, string> Mac(Func<byte[], byte[]> change) => x => Base64Url.EncodeToString(change(Base64Url.DecodeFromChars(x)));

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= (byte)(1 << (at % 8));
        return bytes;
    }
}
