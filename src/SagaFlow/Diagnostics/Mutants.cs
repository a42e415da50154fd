#if !SAGAFLOW_MUTANTS
using System.Runtime.CompilerServices;
#endif

namespace SagaFlow.Diagnostics;

/// <summary>Switches one named bug of the engine on. In shipped builds nothing of it is left in the code.</summary>
internal static class Mutants
{
#if SAGAFLOW_MUTANTS
    // Flows with the simulation that set it, also into the loops of an engine that is built in it.
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
