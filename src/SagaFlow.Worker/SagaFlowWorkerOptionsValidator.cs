using Microsoft.Extensions.Options;

namespace SagaFlow.Worker;

/// <summary>Refuses, at start, what could never work.</summary>
internal sealed class SagaFlowWorkerOptionsValidator : IValidateOptions<SagaFlowWorkerOptions>
{
    private const int MaximumSlots = 1000;
    private static readonly TimeSpan MaximumGracePeriod = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SagaFlowWorkerOptions options)
    {
        if (options.SlotsPerTaskQueue is < 1 or > MaximumSlots)
        {
            return ValidateOptionsResult.Fail($"{nameof(options.SlotsPerTaskQueue)} {options.SlotsPerTaskQueue} is not in 1 to {MaximumSlots}.");
        }

        return options.ShutdownGracePeriod >= TimeSpan.Zero && options.ShutdownGracePeriod <= MaximumGracePeriod
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{nameof(options.ShutdownGracePeriod)} {options.ShutdownGracePeriod} is not in 0 to {MaximumGracePeriod}.");
    }
}
