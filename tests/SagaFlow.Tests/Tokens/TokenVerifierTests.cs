using System.Buffers.Text;
using SagaFlow.Contracts;
using SagaFlow.Tokens;
using static SagaFlow.Tests.Tokens.TokenSamples;

namespace SagaFlow.Tests.Tokens;

public sealed class TokenVerifierTests
{
    private readonly TokenVerifier _verifier = new(new KeyRing(Key("k1"), Key("k2", seed: 2)), "sagaflow");
    private readonly TokenSigner _signer = new(new KeyRing(Key("k1")));

    [Fact]
    [Trait("Req", "E15")]
    [Trait("Req", "M1")]
    public void A_minted_token_is_genuine_and_says_which_activity_and_attempt()
    {
        var verdict = _verifier.Verify(_signer.Mint(Claims), Now);

        Assert.True(verdict.IsGenuine);
        Assert.Equal(Claims, verdict.Claims);
        Assert.Equal("k1", verdict.KeyId);
        Assert.False(verdict.Expired);
        Assert.Null(verdict.Refusal);
    }

    [Fact]
    public void The_same_claims_give_the_same_token()
    {
        Assert.Equal(_signer.Mint(Claims), _signer.Mint(Claims with { }));
    }

    [Fact]
    [Trait("Req", "M1")]
    [Trait("Req", "E16")]
    public void Attempt_scope_and_activity_scope_give_different_tokens()
    {
        var everyAttempt = _signer.Mint(Claims with { Attempt = 0 });

        Assert.NotEqual(_signer.Mint(Claims), everyAttempt);
        Assert.True(_verifier.Verify(everyAttempt, Now).Claims!.IsForEveryAttempt);
    }

    [Theory]
    [Trait("Req", "P4")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void An_expired_token_stays_genuine_so_that_its_attempt_can_answer(long ticks, bool isExpired)
    {
        var verdict = _verifier.Verify(_signer.Mint(Claims), Claims.ExpiresAt.AddTicks(ticks));

        Assert.True(verdict.IsGenuine);
        Assert.Equal(isExpired, verdict.Expired);
    }

    [Fact]
    public void A_fraction_of_a_second_never_shortens_a_token()
    {
        var token = _signer.Mint(Claims with { ExpiresAt = Now.AddTicks(1) });

        Assert.Equal(Now.AddSeconds(1), _verifier.Verify(token, Now).Claims!.ExpiresAt);
    }

    [Theory]
    [Trait("Req", "P4")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("sf0.k1.AQID.BAUG")]
    public void A_text_that_is_no_token_is_malformed(string? text)
    {
        Assert.Equal(Disposition.Malformed, _verifier.Verify(text, Now).Refusal);
    }

    [Fact]
    [Trait("Req", "M1")]
    [Trait("Req", "P5")]
    public void A_token_with_any_bit_flipped_is_refused()
    {
        var token = _signer.Mint(Claims).Value;

        for (var position = 0; position < token.Length; position++)
        {
            for (var bit = 0; bit < 16; bit++)
            {
                var forged = token.ToCharArray();
                forged[position] ^= (char)(1 << bit);

                Assert.False(_verifier.Verify(new string(forged), Now).IsGenuine, $"bit {bit} of character {position}");
            }
        }
    }

    [Fact]
    [Trait("Req", "P5")]
    public void A_token_with_any_bit_of_claims_or_mac_flipped_is_an_invalid_token()
    {
        var token = _signer.Mint(Claims);
        var claims = Base64Url.DecodeFromChars(token.Claims);
        var mac = Base64Url.DecodeFromChars(token.Mac);

        foreach (var part in (byte[][])[claims, mac])
        {
            for (var bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                AssertInvalid(Compose("k1", claims, mac));
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(_verifier.Verify(Compose("k1", claims, mac), Now).IsGenuine);
    }

    [Fact]
    [Trait("Req", "P5")]
    public void Another_mac_another_key_id_or_swapped_claims_make_an_invalid_token()
    {
        var token = _signer.Mint(Claims);
        var claims = Base64Url.DecodeFromChars(token.Claims);
        var mac = Base64Url.DecodeFromChars(token.Mac);
        var otherClaims = Base64Url.DecodeFromChars(_signer.Mint(Claims with { ActivityId = "Transmit-3" }).Claims);

        AssertInvalid(Compose("k1", claims, new byte[32]));
        AssertInvalid(Compose("k1", claims, mac[..31]));
        AssertInvalid(Compose("k1", claims, [.. mac, 0]));
        AssertInvalid(Compose("k1", claims, [0]));
        AssertInvalid(Compose("k1", otherClaims, mac));
        AssertInvalid(Compose("k1", mac, claims));
        AssertInvalid(Compose("k2", claims, mac));
        AssertInvalid(Compose("unknown", claims, mac));
        AssertInvalid(Compose("decoy", claims, mac));
    }

    [Fact]
    [Trait("Req", "P5")]
    public void A_token_of_another_deployment_is_invalid_even_with_a_shared_key()
    {
        AssertInvalid(_signer.Mint(Claims with { Deployment = "staging" }).Value);
        AssertInvalid(_signer.Mint(Claims with { Deployment = "Sagaflow" }).Value);
    }

    [Fact]
    [Trait("Req", "P4")]
    public void All_forgeries_get_the_same_answer()
    {
        var token = _signer.Mint(Claims);

        var badMac = _verifier.Verify($"{token.Signed}.{Base64Url.EncodeToString(new byte[32])}", Now);
        var unknownKey = _verifier.Verify(token.Value.Replace(".k1.", ".k9."), Now);

        Assert.Equal(badMac, unknownKey);
        Assert.Equal("The token was not signed by this deployment", badMac.Detail);
    }

    [Fact]
    public void Signed_claims_of_a_layout_that_is_not_known_are_refused()
    {
        foreach (var claims in (byte[][])[[], [1], [2, .. new byte[80]], [1, .. new byte[80]]])
        {
            var signed = "sf1.k1." + (claims.Length == 0 ? "AA" : Base64Url.EncodeToString(claims));
            var mac = new byte[32];
            Key("k1").Sign(signed, mac);

            AssertInvalid($"{signed}.{Base64Url.EncodeToString(mac)}");
        }
    }

    private static string Compose(string keyId, byte[] claims, byte[] mac) =>
        $"sf1.{keyId}.{Base64Url.EncodeToString(claims)}.{Base64Url.EncodeToString(mac)}";

    private void AssertInvalid(string token)
    {
        var verdict = _verifier.Verify(token, Now);

        Assert.False(verdict.IsGenuine);
        Assert.Equal(Disposition.InvalidToken, verdict.Refusal);
        Assert.Null(verdict.Claims);
    }
}
