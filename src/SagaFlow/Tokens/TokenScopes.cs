using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>What the holder of a token may say. The bits are part of the token's layout and never change their meaning.</summary>
[Flags]
internal enum TokenScopes : byte
{
    None = 0,
    Started = 1,
    Heartbeat = 2,
    Complete = 4,
    Fail = 8,
    All = Started | Heartbeat | Complete | Fail,
}

internal static class TokenScopesExtensions
{
    /// <summary>Returns whether a token of these scopes may carry an answer of this kind. To give an attempt up
    /// (<c>canceled</c>, <c>released</c>) takes the right to fail it.</summary>
    public static bool Allow(this TokenScopes scopes, AnswerKind kind) => scopes.HasFlag(kind switch
    {
        AnswerKind.Started => TokenScopes.Started,
        AnswerKind.Heartbeat => TokenScopes.Heartbeat,
        AnswerKind.Completed => TokenScopes.Complete,
        AnswerKind.Failed or AnswerKind.Canceled or AnswerKind.Released => TokenScopes.Fail,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of answer."),
    });
}
