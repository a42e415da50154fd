using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Makes any failure one that the engine takes: a refused failure would show as a long timeout.</summary>
internal static class SendableFailure
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(WireLimits.DurationMs);

    public static ActivityFailure From(ActivityFailure failure) => failure with
    {
        Type = TypeOf(failure.Type),
        Message = ErrorText.Clean(failure.Message ?? ""),
        Details = failure.Details is { } details ? ErrorText.Clean(details) : null,
        NextRetryDelay = failure.NextRetryDelay is { } delay ? Clamp(delay) : null,
    };

    private static string TypeOf(string? type)
    {
        var clean = type?.Replace('\0', '\uFFFD');
        return string.IsNullOrWhiteSpace(clean) ? nameof(ActivityFailure) : clean[..Math.Min(clean.Length, WireLimits.NameLength)];
    }

    private static TimeSpan Clamp(TimeSpan delay) => delay < TimeSpan.Zero ? TimeSpan.Zero : delay > LongestDelay ? LongestDelay : delay;
}
