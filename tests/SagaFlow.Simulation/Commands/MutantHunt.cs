using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Commands;

/// <summary>What became of one planted bug.</summary>
/// <param name="Name">The bug.</param>
/// <param name="Level">The level that looked for it.</param>
/// <param name="Seeds">After how many seeds it was caught; 0 when it was not.</param>
/// <param name="Invariant">The rule that it broke.</param>
/// <param name="Found">What was seen.</param>
internal sealed record Catch(string Name, int Level, int Seeds, string? Invariant, string? Found);

/// <summary>Switches each planted bug on and runs seeds until the oracle sees it.</summary>
internal static class MutantHunt
{
    public const int SeedsOfLevel1 = 2_000;
    public const int SeedsOfLevel2 = 200;

    /// <summary>Hunts one bug; it escaped when the answer names no seed.</summary>
    public static Catch Run(Specimen specimen, ulong firstSeed)
    {
        using var enabled = specimen.Enable?.Invoke();
        var limit = specimen.Level == 1 ? SeedsOfLevel1 : SeedsOfLevel2;
        using var stage = Stage.Of(specimen.Level);
        var heap = new EventHeap();
        var tally = new Tally();
        for (var i = 0; i < limit; i++)
        {
            var plan = new WorldPlan(firstSeed + (ulong)i) { Bug = specimen.Model, Workflows = stage.Size };
            if (Play(stage, plan, tally, heap) is { } broken)
            {
                return new Catch(specimen.Name, specimen.Level, i + 1, broken.Invariant, broken.Text);
            }
        }

        return new Catch(specimen.Name, specimen.Level, 0, null, null);
    }

    private static Violation? Play(Stage stage, WorldPlan plan, Tally tally, EventHeap heap)
    {
        try
        {
            return stage.Play(plan, tally, heap).Broken;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Code that trips over the bug has seen it too.
            return new Violation("crash", exception.Message, -1, 0);
        }
    }
}
