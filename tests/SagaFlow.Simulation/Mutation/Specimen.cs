using SagaFlow.Diagnostics;

namespace SagaFlow.Simulation.Mutation;

/// <summary>A bug that can be switched on, and the level that must catch it.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Level">1 for the core and its simulated shell, 2 for the real pipe.</param>
/// <param name="Model">The bug of the simulated shell, or none.</param>
/// <param name="Enable">Switches a bug of the engine's own code on; <see langword="null"/> for one of the shell.</param>
internal sealed record Specimen(string Name, int Level, ModelBug Model, Func<IDisposable>? Enable)
{
    /// <summary>Every bug of this build: those of the engine's own code are there only with the configuration <c>Mutants</c>.</summary>
    public static IReadOnlyList<Specimen> All { get; } = [.. OfShell(), .. OfEngine()];

    /// <summary>Whether this build holds the engine's own bugs.</summary>
    public static bool HasEngineBugs { get; } = OfEngine().Any();

    private static IEnumerable<Specimen> OfShell() =>
        Enum.GetValues<ModelBug>().Where(x => x != ModelBug.None).Select(x => new Specimen($"shell/{x}", 1, x, null));

#if SAGAFLOW_MUTANTS
    private static IEnumerable<Specimen> OfEngine() =>
        Enum.GetValues<Mutant>().Select(x => new Specimen($"engine/{x}", LevelOf(x), ModelBug.None, () => Mutants.Enable(x)));

    private static int LevelOf(Mutant mutant) => mutant <= Mutant.CancelRequestForgotten ? 1 : 2;
#else
    private static IEnumerable<Specimen> OfEngine() => [];
#endif
}
