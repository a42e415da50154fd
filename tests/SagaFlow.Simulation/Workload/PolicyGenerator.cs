using SagaFlow.Activities;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;

namespace SagaFlow.Simulation.Workload;

/// <summary>Draws activity policies: mostly sensible ones, and edges that no sensible author would write but the core must survive.</summary>
internal static class PolicyGenerator
{
    private static readonly long[] Edges =
        [Spans.Millisecond, 2 * Spans.Millisecond, Spans.Second, 5 * Spans.Second, Spans.Minute, Spans.Hour];

    private static readonly int?[] Attempts = [1, 1, 2, 2, 3, 3, 3, 5, null];

    public static PolicyPair Draw(Rng rng) => Pair(Bounded(rng.Chance(0.12) ? Edge(rng) : Sensible(rng)));

    /// <summary>The oracle's view of a policy.</summary>
    public static Terms Translate(ActivityPolicy policy) => new()
    {
        ScheduleToStart = Ticks(policy.ScheduleToStart),
        StartToClose = Ticks(policy.StartToClose),
        ScheduleToClose = Ticks(policy.ScheduleToClose),
        Heartbeat = Ticks(policy.Heartbeat),
        InitialInterval = policy.Retry.InitialInterval.Ticks,
        Coefficient = policy.Retry.BackoffCoefficient,
        MaximumInterval = policy.Retry.MaximumInterval.Ticks,
        MaximumAttempts = policy.Retry.MaximumAttempts ?? int.MaxValue,
        Jitter = policy.Retry.Jitter,
        FinalTypes = policy.Retry.NonRetryableTypes,
        Late = policy.LateAttempts switch
        {
            LateAttemptPolicy.Accept => LateRule.Accept,
            LateAttemptPolicy.AcceptIfNotRedispatched => LateRule.AcceptIfNotRedispatched,
            _ => LateRule.Refuse,
        },
    };

    private static PolicyPair Pair(ActivityPolicy policy) => new(policy, Translate(policy));

    private static ActivityPolicy Sensible(Rng rng)
    {
        var startToClose = rng.LogUniform(5 * Spans.Second, Spans.Hour);
        var scheduleToClose = rng.Chance(0.6) ? (long?)(startToClose * (2 + rng.Below(8))) : null;
        return Common(rng) with
        {
            StartToClose = rng.Chance(0.8) ? TimeSpan.FromTicks(startToClose) : null,
            ScheduleToClose = Span(scheduleToClose),
            ScheduleToStart = rng.Chance(0.25) ? TimeSpan.FromTicks(rng.LogUniform(30 * Spans.Second, Spans.Hour)) : null,
            Heartbeat = rng.Chance(0.35) ? TimeSpan.FromTicks(Math.Max(Spans.Second, startToClose / (2 + rng.Below(6)))) : null,
        };
    }

    // Timeouts of a millisecond, equal ones, a heartbeat longer than the attempt, an instant that has passed already.
    private static ActivityPolicy Edge(Rng rng) => Common(rng) with
    {
        StartToClose = rng.Chance(0.6) ? TimeSpan.FromTicks(rng.Pick<long>(Edges)) : null,
        ScheduleToClose = rng.Chance(0.6) ? TimeSpan.FromTicks(rng.Chance(0.05) ? 0 : rng.Pick<long>(Edges)) : null,
        ScheduleToStart = rng.Chance(0.4) ? TimeSpan.FromTicks(rng.Pick<long>(Edges)) : null,
        Heartbeat = rng.Chance(0.5) ? TimeSpan.FromTicks(rng.Pick<long>(Edges)) : null,
    };

    // A timeout that nobody can meet, tried without end, would be a world without end.
    private static ActivityPolicy Bounded(ActivityPolicy policy) =>
        policy.Retry.MaximumAttempts is null && (policy.StartToClose ?? policy.Heartbeat ?? TimeSpan.MaxValue) < TimeSpan.FromSeconds(5)
            ? policy with { Retry = policy.Retry with { MaximumAttempts = 20 } }
            : policy;

    private static ActivityPolicy Common(Rng rng) => new()
    {
        TokenScope = rng.Chance(0.25) ? TokenScope.Activity : TokenScope.Attempt,
        LateAttempts = rng.Below(6) switch
        {
            0 => LateAttemptPolicy.Accept,
            1 => LateAttemptPolicy.AcceptIfNotRedispatched,
            _ => LateAttemptPolicy.Refuse,
        },
        Retry = new RetryPolicy
        {
            InitialInterval = TimeSpan.FromTicks(rng.LogUniform(Spans.Millisecond, 10 * Spans.Second)),
            BackoffCoefficient = rng.Below(4) switch { 0 => 1.0, 1 => 1000, _ => 2.0 },
            MaximumInterval = TimeSpan.FromTicks(rng.LogUniform(10 * Spans.Second, Spans.Hour)),
            MaximumAttempts = rng.Pick<int?>(Attempts),
            Jitter = rng.Below(4) switch { 0 => 0, 1 => 1, _ => 0.1 },
            NonRetryableTypes = rng.Chance(0.3) ? [Answers.ListedType] : [],
        },
    };

    private static TimeSpan? Span(long? ticks) => ticks is { } value ? TimeSpan.FromTicks(value) : null;

    private static long Ticks(TimeSpan? span) => span?.Ticks ?? Terms.None;
}
