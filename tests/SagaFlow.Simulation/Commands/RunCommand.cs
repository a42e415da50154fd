using SagaFlow.Simulation.Counting;

namespace SagaFlow.Simulation.Commands;

/// <summary>Runs a level over many seeds.</summary>
internal static class RunCommand
{
    private const string FoundFolder = "simulation-found";

    public static int Run(int level, string? postgres, long workflows, ulong seed, int workers, FileInfo? file)
    {
        using var stage = Stage.Of(level, postgres);
        var run = new SeedRun(stage, seed, workflows, workers);
        run.Run();
        var broken = run.Broken is { } plan ? Failure.Tell(stage, plan, FoundFolder, Console.Out) : null;
        var gaps = broken is null ? Vacuity.Gaps(stage, run.Tally) : (IReadOnlyList<string>)[];
        var report = Report.Of(stage, seed, workers, run.Took, run.Tally, gaps, broken);
        report.Print(Console.Out);
        if (file is not null)
        {
            report.Write(file.FullName);
        }

        Verdicts.Print([(report.IsSound, stage.Name)]);
        return report.IsSound ? 0 : 1;
    }
}
