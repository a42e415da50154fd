using System.Threading.RateLimiting;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>Slows down who calls too often: the heartbeats of one token, and the invalid tokens of one address.</summary>
/// <remarks>Tokens and addresses share a fixed number of places, so that a flood of new ones costs no memory. Two that share a place share
/// its pace.</remarks>
internal sealed class CallPace : IDisposable
{
    private const uint Places = 65_536;

    private readonly PartitionedRateLimiter<string> _heartbeats;
    private readonly PartitionedRateLimiter<string> _invalid;

    public CallPace(CallbackLimits limits) =>
        (_heartbeats, _invalid) = (Create(limits.HeartbeatsPerSecond), Create(limits.InvalidTokensPerSecond));

    /// <summary>Whether the answer may go on. Only heartbeats are many by nature; whatever ends an attempt always may.</summary>
    public bool Takes(ActivityAnswer answer) => answer.Kind is not AnswerKind.Heartbeat || Takes(_heartbeats, answer.TaskToken);

    /// <summary>Whether the caller is told that the token is invalid, rather than to slow down.</summary>
    public bool TakesInvalid(string address) => Takes(_invalid, address);

    public void Dispose()
    {
        _heartbeats.Dispose();
        _invalid.Dispose();
    }

    private static bool Takes(PartitionedRateLimiter<string> limiter, string caller)
    {
        using var lease = limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<string> Create(int perSecond) => PartitionedRateLimiter.Create<string, uint>(caller =>
        // The hash is seeded for each process: nobody can aim at another's place.
        RateLimitPartition.GetTokenBucketLimiter((uint)caller.GetHashCode(StringComparison.Ordinal) % Places, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * 2,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
}
