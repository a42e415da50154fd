using SagaFlow.Simulation.Counting;

namespace SagaFlow.Simulation.Commands;

/// <summary>Runs a level over many seeds.</summary>
internal static class RunCommand
{
    private const string FoundFolder = "simulation-found";

    public static int Run(int level, long workflows, ulong seed, int workers, FileInfo? file)
    {
        var run = new SeedRun(level, seed, workflows, workers);
        run.Run();
        var broken = run.Broken is { } plan ? Failure.Tell(level, plan, FoundFolder, Console.Out) : null;
        var gaps = broken is null ? Vacuity.Gaps(level, run.Tally) : (IReadOnlyList<string>)[];
        var report = Report.Of(level, seed, workers, run.Took, run.Tally, gaps, broken);
        report.Print(Console.Out);
        if (file is not null)
        {
            report.Write(file.FullName);
        }

        Verdicts.Print([(report.IsSound, $"level {level}")]);
        return report.IsSound ? 0 : 1;
    }
}
