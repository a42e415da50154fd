using SagaFlow.Tokens;

namespace SagaFlow.Tests.Tokens;

public sealed class SealingTests
{
    private static readonly byte[] Text = "sf1.k1.claims.mac"u8.ToArray();

    private static readonly KeyRing Ring = new(Key("k1", 1));

    [Fact]
    [Trait("Req", "REL-I20")]
    public void What_is_sealed_is_not_readable_and_opens_to_the_same_bytes()
    {
        var box = new Sealing(Ring).Seal(Text);

        Assert.True(new Sealing(Ring).TryOpen(box, out var open));
        Assert.Equal(Text, open);
        Assert.True(box.AsSpan().IndexOf(Text.AsSpan(0, 4)) < 0);
    }

    [Fact]
    public void A_rotated_key_still_opens_and_a_removed_one_does_not()
    {
        var box = new Sealing(Ring).Seal(Text);
        var rotated = Ring.RotateTo(Key("k2", 2));

        Assert.True(new Sealing(rotated).TryOpen(box, out _));
        Assert.False(new Sealing(rotated.Without("k1")).TryOpen(box, out _));
    }

    [Fact]
    public void No_changed_bit_and_no_cut_passes()
    {
        var box = new Sealing(Ring).Seal(Text);

        for (var i = 0; i < box.Length; i++)
        {
            var changed = box.ToArray();
            changed[i] ^= 1;
            Assert.False(new Sealing(Ring).TryOpen(changed, out _));
            Assert.False(new Sealing(Ring).TryOpen(box.AsSpan(0, i), out _));
        }
    }

    private static SigningKey Key(string id, int seed) => new(id, [.. Enumerable.Range(seed, 32).Select(i => (byte)(i * 37))]);
}
