using SagaFlow.Simulation.Shrinking;

namespace SagaFlow.Simulation.Commands;

/// <summary>Plays saved cases again: each was broken once and must never be again.</summary>
internal static class ReplayCommand
{
    public static int Run(IReadOnlyList<string> files)
    {
        var verdicts = files.Select(file => (Passed: Play(file), Name: Path.GetFileName(file))).ToList();
        Verdicts.Print(verdicts);
        return verdicts.TrueForAll(x => x.Passed) ? 0 : 1;
    }

    private static bool Play(string file)
    {
        var saved = Case.Read(file);
        var player = Player.Of(saved.Level);
        var plan = saved.ToPlan();
        if (player.Play(plan, null).Broken is not { } broken)
        {
            Console.WriteLine($"sound: {Path.GetFileName(file)} (was {saved.Invariant}: {saved.Found})");
            return true;
        }

        Console.WriteLine($"BROKEN {broken.Invariant} in {file}, workflow {broken.Workflow}, instant {broken.At}: {broken.Text}");
        Failure.PrintEvents(player, plan, broken, Console.Out);
        return false;
    }
}
