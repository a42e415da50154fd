using FsCheck;
using FsCheck.Fluent;
using SagaFlow.Activities;

namespace SagaFlow.Tests.Activities;

/// <summary>Random scenarios, weighted so that activities live long enough to be tried several times.</summary>
internal static class ScenarioGenerator
{
    public static Gen<Scenario> Scenarios { get; } =
        from policy in Policies()
        from steps in Gen.ListOf(Steps())
        select new Scenario(policy, [.. steps]);

    public static Arbitrary<Scenario> Arbitrary { get; } = Arb.From(Scenarios, Shorten);

    private static Gen<ActivityPolicy> Policies() =>
        from scheduleToStart in Timeout(20)
        from startToClose in Timeout(10, 30)
        from scheduleToClose in Timeout(25, 600, 3600)
        from heartbeat in Timeout(5, 10, 29)
        from retry in Retries()
        from lateAttempts in Gen.Elements(Enum.GetValues<LateAttemptPolicy>())
        select new ActivityPolicy
        {
            ScheduleToStart = scheduleToStart,
            StartToClose = startToClose,
            ScheduleToClose = scheduleToClose,
            Heartbeat = heartbeat,
            Retry = retry,
            LateAttempts = lateAttempts,
        };

    private static Gen<TimeSpan?> Timeout(params double[] seconds) =>
        Gen.Elements<TimeSpan?>([null, .. seconds.Select(x => (TimeSpan?)TimeSpan.FromSeconds(x))]);

    private static Gen<RetryPolicy> Retries() =>
        from initial in Gen.Elements(0.001, 1, 4)
        from coefficient in Gen.Elements(1.0, 2.0, 1000.0)
        from longest in Gen.Elements(4, 10, 100)
        from attempts in Gen.Elements<int?>(null, null, 1, 2, 3)
        from jitter in Gen.Elements(0, 0.1, 0.5)
        select new RetryPolicy
        {
            InitialInterval = TimeSpan.FromSeconds(initial),
            BackoffCoefficient = coefficient,
            MaximumInterval = TimeSpan.FromSeconds(longest),
            MaximumAttempts = attempts,
            Jitter = jitter,
            NonRetryableTypes = ["Fatal"],
        };

    private static Gen<Step> Steps() =>
        from kind in Kinds()
        from jump in Jumps()
        from token in Gen.Frequency(
            (6, Gen.Constant(TokenOf.CurrentAttempt)),
            (1, Gen.Constant(TokenOf.Activity)),
            (2, Gen.Constant(TokenOf.EarlierAttempt)),
            (1, Gen.Constant(TokenOf.UnknownAttempt)))
        from number in Gen.Choose(0, 5)
        from dice in Gen.Choose(0, 99)
        select new Step(kind, jump, token, number, dice / 100.0);

    private static Gen<Jump> Jumps() => Gen.Frequency(
        (6, Gen.Constant(Jump.None)),
        (6, Gen.Constant(Jump.ToDue)),
        (6, Gen.Elements(Jump.OneTick, Jump.HalfwayToDue, Jump.TickBeforeDue, Jump.TickAfterDue)),
        (1, Gen.Constant(Jump.FarBeyondDue)));

    private static Gen<StepKind> Kinds() => Gen.Frequency(
        (40, Gen.Constant(StepKind.Ring)),
        (24, Gen.Constant(StepKind.Failed)),
        (12, Gen.Constant(StepKind.Started)),
        (12, Gen.Constant(StepKind.Heartbeat)),
        (4, Gen.Constant(StepKind.Released)),
        (3, Gen.Constant(StepKind.OldRing)),
        (3, Gen.Constant(StepKind.Blackout)),
        (2, Gen.Elements(StepKind.Completed, StepKind.FailedForGood)),
        (1, Gen.Constant(StepKind.CancelAcknowledged)),
        (1, Gen.Constant(StepKind.CancelWait)),
        (1, Gen.Elements(StepKind.CancelTry, StepKind.CancelAbandon)),
        (1, Gen.Constant(StepKind.WorkflowEnded)));

    /// <summary>Drops halves, then single steps: a failing scenario becomes short enough to read.</summary>
    private static IEnumerable<Scenario> Shorten(Scenario scenario)
    {
        var steps = scenario.Steps;
        if (steps.Count > 3)
        {
            yield return scenario with { Steps = [.. steps.Take(steps.Count / 2)] };
            yield return scenario with { Steps = [.. steps.Skip(steps.Count / 2)] };
        }

        for (var i = 0; i < steps.Count; i++)
        {
            yield return scenario with { Steps = [.. steps.Where((_, index) => index != i)] };
        }
    }
}
