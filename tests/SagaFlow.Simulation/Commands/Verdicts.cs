namespace SagaFlow.Simulation.Commands;

/// <summary>The last line of every command, which <c>tests/run</c> adds to its own counts.</summary>
internal static class Verdicts
{
    public static void Print(IReadOnlyCollection<(bool Passed, string Name)> verdicts)
    {
        foreach (var (_, name) in verdicts.Where(x => !x.Passed))
        {
            Console.WriteLine($"FAILED: {name}");
        }

        Console.WriteLine($"simulation: {verdicts.Count(x => x.Passed)} passed, {verdicts.Count(x => !x.Passed)} failed");
    }
}
