using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Shrinking;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Commands;

/// <summary>Says everything about a world that broke a rule: where, what, its last events, and the one command that plays it again.</summary>
internal static class Failure
{
    private const int EventsShown = 50;
    private const int Trials = 2_000;

    /// <summary>Makes the world small, writes it down and prints it.</summary>
    /// <param name="stage">Where it was played.</param>
    /// <param name="plan">The world.</param>
    /// <param name="folder">Where the case is written.</param>
    /// <param name="to">Where it is printed.</param>
    public static Case Tell(Stage stage, WorldPlan plan, string folder, TextWriter to)
    {
        var first = stage.Play(plan, new Tally()).Broken ?? throw new InvalidOperationException($"Seed {plan.Seed} broke a rule only once: the run is not deterministic.");
        var (small, broken) = new Shrinker(x => stage.Play(x, new Tally()), stage.Level == 1 ? Trials : Trials / 20).Shrink(plan, first);
        var found = Case.Of(small, stage, broken.Invariant, broken.Text);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{stage.Name.Replace(' ', '-').ToLowerInvariant()}-{broken.Invariant}-{plan.Seed}.json");
        found.Write(file);
        to.WriteLine($"BROKEN {broken.Invariant} at {stage.Name}, seed {plan.Seed}, workflow {broken.Workflow}, instant {broken.At}: {broken.Text}");
        PrintEvents(stage, small, broken, to);
        to.WriteLine($"Play it again: dotnet run -c Release --project tests/SagaFlow.Simulation -- --replay {file}{(stage.IsOnPostgres ? " --postgres CONNECTION" : "")}");
        return found;
    }

    /// <summary>The last events of the workflow, in a world that is played once more.</summary>
    public static void PrintEvents(Stage stage, WorldPlan plan, Violation broken, TextWriter to)
    {
        var lines = new List<string>();
        stage.Play(plan, new Tally(), trace: lines.Add);
        var name = $"workflow {broken.Workflow}";
        var own = lines.Where(x => broken.Workflow < 0 || !x.Contains("workflow ", StringComparison.Ordinal)
            || x.EndsWith(name, StringComparison.Ordinal) || x.Contains($"{name}:", StringComparison.Ordinal));
        foreach (var line in own.TakeLast(EventsShown))
        {
            to.WriteLine($"  {line}");
        }
    }
}
