using System.Diagnostics;
using SagaFlow.Faults.Judging;

namespace SagaFlow.Faults;

/// <summary>One run: a deployment under load, faults, healing, and the judgement. Its last line is the verdict.</summary>
internal static class FaultRun
{
    private const double StartsASecond = 3;

    private const string NameTree =
        "git log -1 --format='\"%s\", src ' 2> /dev/null && git rev-parse --short HEAD:src && git status --porcelain -- src | sed 's/.*/(changed)/;q' || echo unknown";

    /// <returns>0 when every kind fired and every rule holds.</returns>
    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var tree = await Shell.RepositoryAsync(NameTree);
        await using var fleet = await Deployment.StartAsync(options.Seed).WaitAsync(cancellationToken);
        Console.WriteLine($"the deployment runs after {watch.Elapsed.TotalSeconds:0} s; logs in {fleet.Folder}");
        if (!FakeTime.IsInstalled)
        {
            Console.WriteLine("libfaketime is not installed: the faults of a clock cannot fire");
        }

        if (!Database.MayFillDisk)
        {
            Console.WriteLine("only root can give the database a disk of its own: the fault of a full disk is left out");
        }

        await using var starts = await Starts.ConnectAsync(fleet.Broker.Address);
        var nemesis = new Nemesis(fleet, options);
        var faults = nemesis.RunAsync();
        await starts.RunAsync(options.Workflows, StartsASecond, faults).WaitAsync(cancellationToken);
        await faults;
        Console.WriteLine($"the faults are over after {watch.Elapsed.TotalSeconds:0} s");

        var report = await JudgeAsync(tree, fleet, starts, nemesis, options, watch);
        Tell(report, fleet, options);
        return report.Failed == 0 ? 0 : 1;
    }

    private static async Task<Report> JudgeAsync(string tree, Deployment fleet, Starts starts, Nemesis nemesis, RunOptions options, Stopwatch watch)
    {
        await starts.SettleAsync();
        var audit = new Audit(fleet, starts);
        await audit.DrainAsync();
        Console.WriteLine($"nothing moves any more after {watch.Elapsed.TotalSeconds:0} s");
        var rules = await audit.JudgeAsync();
        var outcomes = await fleet.Database.RowsAsync("select coalesce(result::json ->> 'status', lower(status)), count(*) from sagaflow.workflow group by 1 order by 1");
        return new Report
        {
            Tree = tree,
            Machine = $"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[2]} on average of the last 15 minutes, debug build, private servers",
            Each = options.Each,
            Seed = options.Seed,
            Workflows = starts.Accepted.Count,
            Seconds = watch.Elapsed.TotalSeconds,
            StartsRepeated = starts.Repeated,
            Outcomes = outcomes.ToDictionary(x => x[0], x => int.Parse(x[1], System.Globalization.CultureInfo.InvariantCulture)),
            Acknowledgements = Journal.Read(fleet.Journal).Dispositions(),
            Proofs = nemesis.Kinds.ToDictionary(x => x.Name, x => nemesis.Injections.Count(i => i.Kind == x.Name && i.Proof is not null)),
            Rules = rules,
        };
    }

    private static void Tell(Report report, Deployment fleet, RunOptions options)
    {
        if (report.Failed > 0 && options.Keep is { } keep)
        {
            keep.Create();
            foreach (var log in Directory.EnumerateFiles(fleet.Folder))
            {
                File.Copy(log, Path.Combine(keep.FullName, Path.GetFileName(log)), overwrite: true);
            }
        }

        if (options.Report is { } file)
        {
            report.Write(file);
        }

        Console.WriteLine(report.ToText());
        Console.WriteLine($"faults: {report.Passed} passed, {report.Failed} failed");
    }
}
