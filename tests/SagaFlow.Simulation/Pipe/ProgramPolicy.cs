using SagaFlow.Activities;

namespace SagaFlow.Simulation.Pipe;

/// <summary>An activity's options as they stand in a program.</summary>
public sealed record ProgramPolicy
{
    public TimeSpan? ScheduleToStart { get; init; }
    public TimeSpan? StartToClose { get; init; }
    public TimeSpan? ScheduleToClose { get; init; }
    public TimeSpan? Heartbeat { get; init; }
    public TokenScope TokenScope { get; init; }
    public LateAttemptPolicy LateAttempts { get; init; }
    public TimeSpan InitialInterval { get; init; }
    public double Coefficient { get; init; }
    public TimeSpan MaximumInterval { get; init; }
    public int? MaximumAttempts { get; init; }
    public double Jitter { get; init; }
    public IReadOnlyList<string> NonRetryableTypes { get; init; } = [];

    internal static ProgramPolicy Of(ActivityPolicy policy) => new()
    {
        ScheduleToStart = policy.ScheduleToStart,
        StartToClose = policy.StartToClose,
        ScheduleToClose = policy.ScheduleToClose,
        Heartbeat = policy.Heartbeat,
        TokenScope = policy.TokenScope,
        LateAttempts = policy.LateAttempts,
        InitialInterval = policy.Retry.InitialInterval,
        Coefficient = policy.Retry.BackoffCoefficient,
        MaximumInterval = policy.Retry.MaximumInterval,
        MaximumAttempts = policy.Retry.MaximumAttempts,
        Jitter = policy.Retry.Jitter,
        NonRetryableTypes = policy.Retry.NonRetryableTypes,
    };

    internal void WriteTo(ActivityOptions options)
    {
        options.ScheduleToStartTimeout = ScheduleToStart;
        options.StartToCloseTimeout = StartToClose;
        options.ScheduleToCloseTimeout = ScheduleToClose;
        options.HeartbeatTimeout = Heartbeat;
        options.TokenScope = TokenScope;
        options.LateAttempts = LateAttempts;
        options.NoDeadlineBecause = ScheduleToClose is null ? "the simulator watches it" : null;
        options.Retry = new RetryOptions
        {
            InitialInterval = InitialInterval,
            BackoffCoefficient = Coefficient,
            MaximumInterval = MaximumInterval,
            MaximumAttempts = MaximumAttempts,
            Jitter = Jitter,
            NonRetryableTypes = [.. NonRetryableTypes],
        };
    }
}
