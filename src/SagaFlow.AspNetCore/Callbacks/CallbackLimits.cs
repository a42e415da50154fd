using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>The bounds of what callers can make the endpoints do.</summary>
internal sealed record CallbackLimits
{
    public int BodyBytes { get; init; } = WireLimits.BodyBytes;

    /// <summary>How long a body may take to arrive, however slowly it trickles.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an answer may take to be committed before its caller is told to come again.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same, while the database is known to be away: the caller had better keep the answer himself.</summary>
    public TimeSpan AwayTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public Func<bool> IsStoreAway { get; init; } = () => false;

    public int ConcurrentCalls { get; init; } = 256;

    /// <summary>How many calls wait at once for the end of a workflow, beside the others.</summary>
    public int ConcurrentWaits { get; init; } = 1_000;

    /// <summary>When a caller may come again after a 503.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    public int HeartbeatsPerSecond { get; init; } = 10;

    public int InvalidTokensPerSecond { get; init; } = 100;

    /// <summary>The limits that the host was configured with.</summary>
    public static CallbackLimits Of(IServiceProvider services)
    {
        // Validated only where AddSagaFlowHttp was called: callbacks alone need no keys.
        var options = services.GetService<IOptions<SagaFlowHttpOptions>>()?.Value ?? new SagaFlowHttpOptions();
        return new CallbackLimits
        {
            IsStoreAway = services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IStoreHealth))
                ? () => services.GetRequiredService<IStoreHealth>().IsAway
                : () => false,
            ConcurrentCalls = options.ConcurrentCalls,
            ConcurrentWaits = options.ConcurrentWaits,
            HeartbeatsPerSecond = options.HeartbeatsPerSecond,
            InvalidTokensPerSecond = options.InvalidTokensPerSecond,
        };
    }
}
