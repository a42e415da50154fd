using System.Diagnostics.CodeAnalysis;
using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>What the verifier found.</summary>
internal sealed record TokenVerdict
{
    private TokenVerdict()
    {
    }

    /// <summary>Gets whether this deployment signed the token. It may be of a closed attempt, and it may be <see cref="Expired"/>.</summary>
    [MemberNotNullWhen(true, nameof(Claims), nameof(KeyId))]
    [MemberNotNullWhen(false, nameof(Refusal), nameof(Detail))]
    public bool IsGenuine => Claims is not null;

    /// <summary>Gets <see cref="Disposition.Malformed"/> or <see cref="Disposition.InvalidToken"/>; <see langword="null"/> when genuine.</summary>
    public Disposition? Refusal { get; private init; }

    /// <summary>Gets why it was refused, for a person, without quoting the token.</summary>
    public string? Detail { get; private init; }

    /// <summary>Gets what the token says; <see langword="null"/> unless it is genuine.</summary>
    public TokenClaims? Claims { get; private init; }

    /// <summary>Gets the id of the key that signed it; <see langword="null"/> unless it is genuine.</summary>
    public string? KeyId { get; private init; }

    /// <summary>Gets whether the token's lifetime is over. A known attempt answers for itself; for one that was deleted
    /// this says that nothing else was to be expected.</summary>
    public bool Expired { get; private init; }

    public static TokenVerdict Genuine(TokenClaims claims, string keyId, bool expired) =>
        new() { Claims = claims, KeyId = keyId, Expired = expired };

    public static TokenVerdict Malformed(string detail) => new() { Refusal = Disposition.Malformed, Detail = detail };

    // One text for every reason: a forger learns neither which keys exist nor how far a forgery came.
    public static TokenVerdict Invalid { get; } =
        new() { Refusal = Disposition.InvalidToken, Detail = "The token was not signed by this deployment" };
}
