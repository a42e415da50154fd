using SagaFlow.Tokens;
using static SagaFlow.Tests.Tokens.TokenSamples;

namespace SagaFlow.Tests.Tokens;

public sealed class TokenMutationTests
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é";

    [Fact]
    [Trait("Req", "M1")]
    [Trait("Req", "P5")]
    public void A_hundred_thousand_mutated_tokens_are_refused()
    {
        var random = new Random(20260301);
        var verifier = new TokenVerifier(new KeyRing(Key("k1"), Key("k2", seed: 2)), "sagaflow");
        var signer = new TokenSigner(new KeyRing(Key("k1")));
        var tokens = Enumerable.Range(1, 50).Select(x => signer.Mint(Claims with { Attempt = x }).Value).ToArray();
        var genuine = tokens.ToHashSet(StringComparer.Ordinal);
        var (forged, accepted) = (0, new List<string>());

        while (forged < 100_000)
        {
            var token = Mutate(tokens, random);
            if (genuine.Contains(token))
            {
                continue;
            }

            forged++;
            if (verifier.Verify(token, Now).IsGenuine)
            {
                accepted.Add(token);
            }
        }

        Assert.Empty(accepted);
        Assert.All(tokens, x => Assert.True(verifier.Verify(x, Now).IsGenuine));
    }

    private static string Mutate(string[] tokens, Random random)
    {
        var token = tokens[random.Next(tokens.Length)];
        var parts = token.Split('.');
        var other = tokens[random.Next(tokens.Length)].Split('.');
        return random.Next(10) switch
        {
            0 => FlipBit(token, random.Next(token.Length), random.Next(8)),
            1 => FlipBit(FlipBit(token, random.Next(token.Length), random.Next(8)), random.Next(token.Length), random.Next(8)),
            2 => token[..random.Next(token.Length)],
            3 => token + Any(random),
            4 => token.Insert(random.Next(token.Length), Any(random)),
            5 => token.Remove(random.Next(token.Length), 1),
            6 => string.Join('.', parts[0], parts[1], other[2], parts[3]),
            7 => string.Join('.', parts[0], random.Next(2) == 0 ? "k2" : Any(random), parts[2], parts[3]),
            8 => string.Join('.', "sf" + random.Next(0, 100), parts[1], parts[2], random.Next(2) == 0 ? parts[3] : new string('A', 43)),
            _ => string.Join('.', parts.OrderBy(_ => random.Next())),
        };
    }

    private static string FlipBit(string token, int position, int bit)
    {
        var characters = token.ToCharArray();
        characters[position] ^= (char)(1 << bit);
        return new string(characters);
    }

    private static string Any(Random random) => Characters[random.Next(Characters.Length)].ToString();
}
