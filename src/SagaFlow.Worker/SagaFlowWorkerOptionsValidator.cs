using Microsoft.Extensions.Options;

namespace SagaFlow.Worker;

/// <summary>Refuses, at start, what could never work.</summary>
internal sealed class SagaFlowWorkerOptionsValidator : IValidateOptions<SagaFlowWorkerOptions>
{
    private const int MaximumSlots = TaskQueueOptions.MaximumCapacity;
    private const int MaximumFailures = 1000;
    private const int MaximumStarts = 100_000;
    private const int MaximumPrefixLength = 64;
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
            ?? Refuse(nameof(options.RestartDelay), options.RestartDelay)
            ?? RefuseUnless(
                options.MaximumConnectFailures is >= 1 and <= MaximumFailures,
                $"{nameof(options.MaximumConnectFailures)} {options.MaximumConnectFailures} is not in 1 to {MaximumFailures}.")
            ?? RefuseUnless(
                options.NamePrefix is { Length: >= 1 and <= MaximumPrefixLength }, $"{nameof(options.NamePrefix)} has not 1 to {MaximumPrefixLength} characters.")
            ?? options.TaskQueues.Select(x => Refuse(x.Key, x.Value)).FirstOrDefault(x => x is not null)
            ?? ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult? Refuse(string taskQueue, TaskQueueOptions queue) =>
        RefuseUnless(queue.Capacity is null or (>= 0 and <= MaximumSlots), $"{nameof(queue.Capacity)} {queue.Capacity} of task queue '{taskQueue}' is not in 0 to {MaximumSlots}.")
        ?? RefuseUnless(queue.MaximumStarts is null or (>= 1 and <= MaximumStarts), $"{nameof(queue.MaximumStarts)} {queue.MaximumStarts} of task queue '{taskQueue}' is not in 1 to {MaximumStarts}.")
        ?? RefuseUnless(queue.StartPeriod > TimeSpan.Zero, $"{nameof(queue.StartPeriod)} of task queue '{taskQueue}' is not more than 0.")
        ?? Refuse(nameof(queue.StartPeriod), queue.StartPeriod);

    private static ValidateOptionsResult? RefuseUnless(bool isFine, string problem) => isFine ? null : ValidateOptionsResult.Fail(problem);

    private static bool IsUsable(Uri url) =>
        url.IsAbsoluteUri && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" };

    private static ValidateOptionsResult? Refuse(string option, TimeSpan value) =>
        value >= TimeSpan.Zero && value <= Longest ? null : ValidateOptionsResult.Fail($"{option} {value} is not in 0 to {Longest}.");
}
