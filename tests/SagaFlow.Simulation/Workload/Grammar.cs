using SagaFlow.Simulation.Randomness;

namespace SagaFlow.Simulation.Workload;

/// <summary>Draws workflow definitions: sequence, parallel, race, loop, signal, timer, cancel.</summary>
internal static class Grammar
{
    /// <param name="rng">The dice.</param>
    /// <param name="policies">What activities of this world may be bound by.</param>
    /// <param name="maximumSteps">How many steps at most: the shrinker asks for fewer.</param>
    public static Definition Draw(Rng rng, IReadOnlyList<PolicyPair> policies, int maximumSteps)
    {
        var count = 1 + Math.Min(rng.Below(4), rng.Below(4));
        var timeout = rng.Chance(0.06) ? rng.LogUniform(Spans.Second, Spans.Day) : -1;
        var steps = new List<StepSpec>(count);
        for (var i = 0; i < count; i++)
        {
            var step = Step(rng, policies);
            if (i < maximumSteps)
            {
                steps.Add(step);
            }
        }

        return new Definition(steps, timeout);
    }

    private static StepSpec Step(Rng rng, IReadOnlyList<PolicyPair> policies)
    {
        var kind = rng.Below(100) switch
        {
            < 60 => StepKind.Activity,
            < 70 => StepKind.Parallel,
            < 79 => StepKind.Race,
            < 87 => StepKind.Signal,
            < 94 => StepKind.Timer,
            _ => StepKind.CancelAfter,
        };
        var step = new StepSpec(kind)
        {
            Policy = policies[rng.Below(policies.Count)],
            GoesOn = rng.Chance(0.35),
            Rounds = rng.Chance(0.08) ? 2 + Math.Min(rng.Below(19), rng.Below(19)) / 2 : 1,
            Delay = kind == StepKind.CancelAfter ? rng.LogUniform(Spans.Millisecond, 10 * Spans.Minute) : rng.LogUniform(Spans.Millisecond, Spans.Day),
            Mode = (CancellationMode)rng.Below(3),
        };
        return kind switch
        {
            StepKind.Parallel => Parallel(rng, step),
            StepKind.Race => step with { Count = 2 + rng.Below(3), Rounds = 1 },
            _ => step,
        };
    }

    // All of them, the first few, or all unless one fails.
    private static StepSpec Parallel(Rng rng, StepSpec step)
    {
        var members = rng.Chance(0.3) ? 1 + rng.Below(16) : 1 + rng.Below(4);
        var needed = rng.Chance(0.4) ? 1 + rng.Below(members) : members;
        var failuresAllowed = needed < members ? members - needed : rng.Chance(0.3) ? 0 : members;
        return step with { Count = members, Needed = needed, FailuresAllowed = failuresAllowed, Rounds = 1 };
    }
}
