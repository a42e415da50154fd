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

        if (options.CallbackUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
        {
            return ValidateOptionsResult.Fail($"{nameof(options.CallbackUrl)} '{url}' is not an absolute http or https address.");
        }

        return Refuse(nameof(options.ShutdownGracePeriod), options.ShutdownGracePeriod)
            ?? Refuse(nameof(options.MaximumHeartbeatInterval), options.MaximumHeartbeatInterval)
            ?? ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult? Refuse(string option, TimeSpan value) =>
        value >= TimeSpan.Zero && value <= Longest ? null : ValidateOptionsResult.Fail($"{option} {value} is not in 0 to {Longest}.");
}
