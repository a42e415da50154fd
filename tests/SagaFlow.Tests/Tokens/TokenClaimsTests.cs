using SagaFlow.Contracts;
using SagaFlow.Tokens;
using static SagaFlow.Tests.Tokens.TokenSamples;

namespace SagaFlow.Tests.Tokens;

public sealed class TokenClaimsTests
{
    private static readonly TokenClaims Longest = new(
        new string('d', TokenClaims.MaximumDeploymentBytes),
        new string('t', TokenClaims.MaximumWorkflowTypeBytes),
        new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        new string('a', TokenClaims.MaximumActivityNameBytes) + "-2147483647",
        int.MaxValue,
        TokenScopes.All,
        DateTimeOffset.MaxValue);

    [Fact]
    [Trait("Req", "M1")]
    public void The_longest_legal_claims_fill_a_token_of_300_characters()
    {
        var ring = new KeyRing(Key(new string('k', TaskToken.MaximumKeyIdLength)));

        var token = new TokenSigner(ring).Mint(Longest);
        var claims = new TokenVerifier(ring, Longest.Deployment).Verify(token, Now).Claims!;

        Assert.Equal(TaskToken.MaximumLength, token.Value.Length);
        Assert.Equal(Longest with { ExpiresAt = claims.ExpiresAt }, claims);
        Assert.Equal(new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero), claims.ExpiresAt);
    }

    [Fact]
    public void The_layout_is_pinned()
    {
        var bytes = TokenClaimsCodec.Encode(Claims);

        Assert.Equal(
            "010f" + "00000003" + "0069a43850" + "6f1d7a5294c55d0e9b1d0a8f4f6f2c11"
            + "08" + "73616761666c6f77" + "0c" + "646174612d726f7574696e67" + "5472616e736d69742d32",
            Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Names_count_in_bytes_of_utf8()
    {
        var signer = new TokenSigner(new KeyRing(Key("k1")));

        Assert.NotNull(signer.Mint(Claims with { Deployment = new string('é', 16) }));
        Assert.Throws<SagaFlowException>(() => signer.Mint(Claims with { Deployment = new string('é', 16) + "e" }));
    }

    [Theory]
    [InlineData("", "order", "A-1", "Deployment")]
    [InlineData("123456789012345678901234567890123", "order", "A-1", "Deployment")]
    [InlineData("sagaflow", "", "A-1", "Workflow type")]
    [InlineData("sagaflow", "12345678901234567890123456789012345678901234567890123456789012345", "A-1", "Workflow type")]
    [InlineData("sagaflow", "order", "", "Activity id")]
    [InlineData("sagaflow", "order", "1234567890123456789012345678901234567890123456789012", "Activity id")]
    public void A_name_that_does_not_fit_is_refused_by_name(string deployment, string type, string activityId, string what)
    {
        var claims = Claims with { Deployment = deployment, WorkflowType = type, ActivityId = activityId };

        var error = Assert.Throws<SagaFlowException>(() => TokenClaimsCodec.Encode(claims));

        Assert.StartsWith(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_that_mean_nothing_are_not_signed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenClaimsCodec.Encode(Claims with { Attempt = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenClaimsCodec.Encode(Claims with { Scopes = TokenScopes.None }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenClaimsCodec.Encode(Claims with { Scopes = (TokenScopes)16 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => TokenClaimsCodec.Encode(Claims with { ExpiresAt = DateTimeOffset.UnixEpoch.AddTicks(-1) }));
    }

    [Fact]
    public void Bytes_cut_at_any_place_before_the_activity_id_are_not_read()
    {
        var bytes = TokenClaimsCodec.Encode(Claims);
        var activityIdAt = bytes.Length - Claims.ActivityId.Length;

        for (var length = 0; length <= activityIdAt; length++)
        {
            Assert.False(TokenClaimsCodec.TryDecode(bytes.AsSpan(0, length), out _));
        }

        Assert.True(TokenClaimsCodec.TryDecode(bytes, out _));
        Assert.False(TokenClaimsCodec.TryDecode([.. bytes, .. new byte[64]], out _));
        Assert.False(TokenClaimsCodec.TryDecode([.. bytes, 0xFF], out _));
    }

    [Theory]
    [Trait("Req", "M1")]
    [InlineData(AnswerKind.Started, (byte)TokenScopes.Started)]
    [InlineData(AnswerKind.Heartbeat, (byte)TokenScopes.Heartbeat)]
    [InlineData(AnswerKind.Completed, (byte)TokenScopes.Complete)]
    [InlineData(AnswerKind.Failed, (byte)TokenScopes.Fail)]
    [InlineData(AnswerKind.Canceled, (byte)TokenScopes.Fail)]
    [InlineData(AnswerKind.Released, (byte)TokenScopes.Fail)]
    public void Each_kind_of_answer_needs_its_scope(AnswerKind kind, byte scope)
    {
        Assert.True(((TokenScopes)scope).Allow(kind));
        Assert.True(TokenScopes.All.Allow(kind));
        Assert.False((TokenScopes.All & ~(TokenScopes)scope).Allow(kind));
    }

    [Fact]
    [Trait("Req", "M1")]
    public void A_token_for_heartbeats_only_cannot_complete()
    {
        var ring = new KeyRing(Key("k1"));
        var token = new TokenSigner(ring).Mint(Claims with { Scopes = TokenScopes.Heartbeat });

        var scopes = new TokenVerifier(ring, "sagaflow").Verify(token, Now).Claims!.Scopes;

        Assert.True(scopes.Allow(AnswerKind.Heartbeat));
        Assert.False(scopes.Allow(AnswerKind.Completed));
    }
}
