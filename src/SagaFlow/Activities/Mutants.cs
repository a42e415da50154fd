using System.Runtime.CompilerServices;

namespace SagaFlow.Activities;

/// <summary>Whether a <see cref="Mutant"/> is on. Only builds with SAGAFLOW_MUTANTS (Debug) can switch one on;
/// in Release the answer is the constant <see langword="false"/>, and the compiler drops what stands behind it.</summary>
internal static class Mutants
{
#if SAGAFLOW_MUTANTS
    // Flows with the test that set it, so that tests running beside it see the sound core.
    private static readonly AsyncLocal<Mutant?> Enabled = new();

    public static bool On(Mutant mutant) => Enabled.Value == mutant;

    public static IDisposable Enable(Mutant mutant)
    {
        Enabled.Value = mutant;
        return new Scope();
    }

    private sealed class Scope : IDisposable
    {
        public void Dispose() => Enabled.Value = null;
    }
#else
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool On(Mutant mutant) => false;
#endif
}
