using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>The bounds of what callers can make the endpoints do.</summary>
internal sealed record CallbackLimits
{
    public int BodyBytes { get; init; } = WireLimits.BodyBytes;

    /// <summary>How long a body may take to arrive, however slowly it trickles.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an answer may take to be committed before its caller is told to come again.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public int ConcurrentCalls { get; init; } = 256;

    /// <summary>When a caller may come again after a 503.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);
}
