using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Shrinking;

/// <summary>Makes a failing world small: other workflows go, then kinds of fault, then single faults, then steps, as long as the same rule breaks.</summary>
/// <param name="play">Plays a world: what broke, and how many single faults fired.</param>
/// <param name="trials">How many worlds may be played.</param>
internal sealed class Shrinker(Func<WorldPlan, (Violation? Broken, int Faults)> play, int trials)
{
    private int _left = trials;
    private int _faults;
    private Violation _broken = null!;

    /// <summary>The smallest world found that breaks the same rule.</summary>
    public (WorldPlan Plan, Violation Broken) Shrink(WorldPlan plan, Violation broken)
    {
        _broken = broken;
        _faults = play(plan).Faults;
        plan = WithFewerWorkflows(plan);
        foreach (var fault in Enum.GetValues<Fault>())
        {
            plan = Try(plan with { Without = new HashSet<Fault>(plan.Without) { fault } }) ?? plan;
        }

        plan = WithFewerFaults(plan);
        for (var steps = 1; steps < 4; steps++)
        {
            if (Try(plan with { MaximumSteps = steps }) is { } shorter)
            {
                return (shorter, _broken);
            }
        }

        return (plan, _broken);
    }

    private WorldPlan WithFewerWorkflows(WorldPlan plan)
    {
        var all = plan.Only ?? Enumerable.Range(0, plan.Workflows).ToHashSet();
        if (_broken.Workflow >= 0 && Try(plan with { Only = new HashSet<int> { _broken.Workflow } }) is { } alone)
        {
            return alone;
        }

        return Halve([.. all], kept => plan with { Only = kept.ToHashSet() }) ?? plan;
    }

    // The numbers of the faults shift when one is spared: what is tried is another world, and counts only if it breaks the same rule.
    private WorldPlan WithFewerFaults(WorldPlan plan)
    {
        for (var size = Math.Max(1, _faults / 2); _faults > 0; size /= 2)
        {
            for (var first = 1; first <= _faults && _left > 0; first += size)
            {
                var spared = plan.Spared.Concat(Enumerable.Range(first, size)).ToHashSet();
                plan = Try(plan with { Spared = spared }) ?? plan;
            }

            if (size == 1)
            {
                break;
            }
        }

        return plan;
    }

    private WorldPlan? Halve(List<int> all, Func<IEnumerable<int>, WorldPlan> with)
    {
        WorldPlan? best = null;
        for (var size = all.Count / 2; size >= 1; size /= 2)
        {
            for (var first = 0; first < all.Count && _left > 0; first += size)
            {
                var kept = all.Take(first).Concat(all.Skip(first + size)).ToList();
                if (kept.Count > 0 && Try(with(kept)) is { } smaller)
                {
                    (best, all) = (smaller, kept);
                }
            }
        }

        return best;
    }

    private WorldPlan? Try(WorldPlan plan)
    {
        if (_left-- <= 0)
        {
            return null;
        }

        var (broken, faults) = play(plan);
        if (broken?.Invariant != _broken.Invariant)
        {
            return null;
        }

        (_broken, _faults) = (broken, faults);
        return plan;
    }
}
