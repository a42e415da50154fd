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
    /// <param name="level">Its level.</param>
    /// <param name="plan">The world.</param>
    /// <param name="folder">Where the case is written.</param>
    /// <param name="to">Where it is printed.</param>
    public static Case Tell(int level, WorldPlan plan, string folder, TextWriter to)
    {
        var player = Player.Of(level);
        var first = player.Play(plan, null).Broken ?? throw new InvalidOperationException($"Seed {plan.Seed} broke a rule only once: the run is not deterministic.");
        var (small, broken) = new Shrinker(x => player.Play(x, null), level == 1 ? Trials : Trials / 20).Shrink(plan, first);
        var found = Case.Of(small, level, broken.Invariant, broken.Text);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"level{level}-{broken.Invariant}-{plan.Seed}.json");
        found.Write(file);
        to.WriteLine($"BROKEN {broken.Invariant} at level {level}, seed {plan.Seed}, workflow {broken.Workflow}, instant {broken.At}: {broken.Text}");
        PrintEvents(player, small, broken, to);
        to.WriteLine($"Play it again: dotnet run -c Release --project tests/SagaFlow.Simulation -- --replay {file}");
        return found;
    }

    /// <summary>The last events of the workflow, in a world that is played once more.</summary>
    public static void PrintEvents(Player player, WorldPlan plan, Violation broken, TextWriter to)
    {
        var lines = new List<string>();
        player.Play(plan, lines.Add);
        var name = $"workflow {broken.Workflow}";
        var own = lines.Where(x => broken.Workflow < 0 || !x.Contains("workflow ", StringComparison.Ordinal)
            || x.EndsWith(name, StringComparison.Ordinal) || x.Contains($"{name}:", StringComparison.Ordinal));
        foreach (var line in own.TakeLast(EventsShown))
        {
            to.WriteLine($"  {line}");
        }
    }
}

/// <summary>Plays one world of a level.</summary>
/// <param name="Play">Plays a world, telling its events when asked: what broke, and how many faults fired.</param>
internal sealed record Player(Func<WorldPlan, Action<string>?, (Violation? Broken, int Faults)> Play)
{
    public static Player Of(int level) => new(level == 1 ? PlayCore : PlayPipe);

    private static (Violation? Broken, int Faults) PlayPipe(WorldPlan plan, Action<string>? trace)
    {
        var world = Pipe.PipeWorld.RunAsync(plan, new Tally(), trace).GetAwaiter().GetResult();
        return (world.Oracle.Broken, world.FaultsFired);
    }

    private static (Violation? Broken, int Faults) PlayCore(WorldPlan plan, Action<string>? trace)
    {
        var world = World.Run(plan, new Tally(), new EventHeap(), trace);
        return (world.Oracle.Broken, world.FaultsFired);
    }
}
