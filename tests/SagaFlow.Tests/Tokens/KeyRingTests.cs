using SagaFlow.Contracts;
using SagaFlow.Tokens;
using static SagaFlow.Tests.Tokens.TokenSamples;

namespace SagaFlow.Tests.Tokens;

public sealed class KeyRingTests
{
    [Fact]
    [Trait("Req", "M1")]
    public void A_token_of_the_old_key_still_verifies_after_rotation_and_new_ones_name_the_new_key()
    {
        var before = new KeyRing(Key("k1"));
        var old = new TokenSigner(before).Mint(Claims);

        var after = before.RotateTo(Key("k2", seed: 2));

        Assert.Equal("k1", Verify(after, old).KeyId);
        Assert.Equal("k2", Verify(after, new TokenSigner(after).Mint(Claims)).KeyId);
    }

    [Fact]
    [Trait("Req", "M1")]
    public void A_token_of_a_removed_key_is_invalid()
    {
        var before = new KeyRing(Key("k1"));
        var old = new TokenSigner(before).Mint(Claims);

        var after = before.RotateTo(Key("k2", seed: 2)).RotateTo(Key("k3", seed: 3)).Without("k1");

        Assert.Equal(Disposition.InvalidToken, Verify(after, old).Refusal);
        Assert.NotNull(after.Find("k2"));
    }

    [Fact]
    public void The_active_key_cannot_be_removed()
    {
        Assert.Throws<SagaFlowException>(() => new KeyRing(Key("k1")).Without("k1"));
    }

    [Fact]
    public void A_ring_needs_an_active_key_and_ids_that_differ()
    {
        Assert.Contains("No key", Assert.Throws<SagaFlowException>(() => new KeyRing(null)).Message, StringComparison.Ordinal);
        Assert.Contains("'k1' is used twice",
            Assert.Throws<SagaFlowException>(() => new KeyRing(Key("k1"), Key("k1", seed: 2))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "is missing")]
    [InlineData(31, 1, "only 31 bytes")]
    [InlineData(32, 0, "one byte repeated")]
    public void A_weak_secret_is_refused_without_being_shown(int length, int step, string problem)
    {
        var secret = Enumerable.Range(0, length).Select(x => (byte)(7 + (x * step))).ToArray();

        var error = Assert.Throws<SagaFlowException>(() => new SigningKey("k1", secret));

        Assert.Contains("'k1'", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../x")]
    [InlineData("' or 1=1")]
    [InlineData("12345678901234567")]
    public void A_key_id_of_another_form_is_refused(string id)
    {
        Assert.Throws<SagaFlowException>(() => Key(id));
    }

    [Fact]
    public void A_key_does_not_follow_later_changes_of_the_array_it_came_from()
    {
        var secret = Enumerable.Range(0, 32).Select(x => (byte)x).ToArray();
        var key = new SigningKey("k1", secret);
        var token = new TokenSigner(new KeyRing(key)).Mint(Claims);

        Array.Clear(secret);

        Assert.Equal(token, new TokenSigner(new KeyRing(key)).Mint(Claims));
    }

    private static TokenVerdict Verify(KeyRing ring, TaskToken token) => new TokenVerifier(ring, "sagaflow").Verify(token, Now);
}
