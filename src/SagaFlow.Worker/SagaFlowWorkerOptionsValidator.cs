using Microsoft.Extensions.Options;

namespace SagaFlow.Worker;

/// <summary>Refuses, at start, what could never work.</summary>
internal sealed class SagaFlowWorkerOptionsValidator : IValidateOptions<SagaFlowWorkerOptions>
{
    private const int MaximumSlots = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SagaFlowWorkerOptions options)
    {
        if (options.SlotsPerTaskQueue is < 1 or > MaximumSlots)
        {
            return ValidateOptionsResult.Fail($"{nameof(options.SlotsPerTaskQueue)} {options.SlotsPerTaskQueue} is not in 1 to {MaximumSlots}.");
        }

        // The value itself is not told: it may hold a password.
        if (options.CallbackUrl is { } url && !IsUsable(url))
        {
            return ValidateOptionsResult.Fail(
                $"{nameof(options.CallbackUrl)} is not an absolute http or https address without user info, query and fragment.");
        }

        return Refuse(nameof(options.ShutdownGracePeriod), options.ShutdownGracePeriod)
            ?? Refuse(nameof(options.MaximumHeartbeatInterval), options.MaximumHeartbeatInterval)
            ?? ValidateOptionsResult.Success;
    }

    private static bool IsUsable(Uri url) =>
        url.IsAbsoluteUri && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" };

    private static ValidateOptionsResult? Refuse(string option, TimeSpan value) =>
        value >= TimeSpan.Zero && value <= Longest ? null : ValidateOptionsResult.Fail($"{option} {value} is not in 0 to {Longest}.");
}
