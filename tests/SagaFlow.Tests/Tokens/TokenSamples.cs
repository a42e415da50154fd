using SagaFlow.Tokens;

namespace SagaFlow.Tests.Tokens;

internal static class TokenSamples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TokenClaims Claims = new(
        "sagaflow", "data-routing", new Guid("6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11"), "Transmit-2", 3, TokenScopes.All, Now.AddHours(1));

    public static SigningKey Key(string id, int seed = 1)
    {
        var secret = new byte[SigningKey.MinimumBytes];
        new Random(seed).NextBytes(secret);
        return new SigningKey(id, secret);
    }
}
