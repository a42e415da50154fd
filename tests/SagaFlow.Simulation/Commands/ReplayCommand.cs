using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Shrinking;

namespace SagaFlow.Simulation.Commands;

/// <summary>Plays saved cases again: each was broken once and must never be again.</summary>
internal static class ReplayCommand
{
    public static int Run(IReadOnlyList<string> files, string? postgres)
    {
        var verdicts = files.Select(file => (Passed: Play(file, postgres), Name: Path.GetFileName(file))).ToList();
        Verdicts.Print(verdicts);
        return verdicts.TrueForAll(x => x.Passed) ? 0 : 1;
    }

    private static bool Play(string file, string? postgres)
    {
        var saved = Case.Read(file);
        if (saved.IsOnPostgres && postgres is null)
        {
            Console.WriteLine($"{file} was found on PostgreSQL: name a server with --postgres.");
            return false;
        }

        using var stage = Stage.Of(saved.Level, saved.IsOnPostgres ? postgres : null);
        return Play(file, saved, stage);
    }

    private static bool Play(string file, Case saved, Stage stage)
    {
        var plan = saved.ToPlan();
        if (stage.Play(plan, new Tally()).Broken is not { } broken)
        {
            Console.WriteLine($"sound: {Path.GetFileName(file)} (was {saved.Invariant}: {saved.Found})");
            return true;
        }

        Console.WriteLine($"BROKEN {broken.Invariant} in {file}, workflow {broken.Workflow}, instant {broken.At}: {broken.Text}");
        Failure.PrintEvents(stage, plan, broken, Console.Out);
        return false;
    }
}
