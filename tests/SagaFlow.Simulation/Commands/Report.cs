using System.Text.Json;
using System.Text.Json.Serialization;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Shrinking;

namespace SagaFlow.Simulation.Commands;

/// <summary>What a run was, what it met and what it found: as JSON, and as a table for people.</summary>
internal sealed record Report
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public required int Level { get; init; }

    /// <summary>The level, and its database.</summary>
    public required string Where { get; init; }

    public required ulong FirstSeed { get; init; }
    public required int Workers { get; init; }
    public required double Seconds { get; init; }
    public long Worlds { get; init; }
    public long Workflows { get; init; }
    public long Events { get; init; }
    public long Commits { get; init; }
    public double WorkflowsPerSecondAndWorker { get; init; }
    public IReadOnlyDictionary<string, long> WorkflowEnds { get; init; } = new Dictionary<string, long>();
    public IReadOnlyDictionary<string, long> AttemptClosings { get; init; } = new Dictionary<string, long>();
    public IReadOnlyDictionary<string, long> Timeouts { get; init; } = new Dictionary<string, long>();
    public IReadOnlyDictionary<string, long> Dispositions { get; init; } = new Dictionary<string, long>();
    public IReadOnlyDictionary<string, long> Faults { get; init; } = new Dictionary<string, long>();
    public double RepeatedResults { get; init; }
    public double Races { get; init; }

    /// <summary>What the run should have met and did not.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>The world that broke a rule, made small; <see langword="null"/> when none did.</summary>
    public Case? Broken { get; init; }

    [JsonIgnore]
    public bool IsSound => Broken is null && Gaps.Count == 0;

    public static Report Of(Stage stage, ulong firstSeed, int workers, TimeSpan took, Tally tally, IReadOnlyList<string> gaps, Case? broken) => new()
    {
        Level = stage.Level,
        Where = stage.Name,
        FirstSeed = firstSeed,
        Workers = workers,
        Seconds = Math.Round(took.TotalSeconds, 2),
        Worlds = tally.Worlds,
        Workflows = tally.Workflows,
        Events = tally.Events,
        Commits = tally.Commits,
        WorkflowsPerSecondAndWorker = Math.Round(tally.Workflows / took.TotalSeconds / workers),
        WorkflowEnds = Named<WorkflowStanding>(tally.Endings),
        AttemptClosings = Named<Closing>(tally.Closings),
        Timeouts = Named<DueKind>(tally.Timeouts),
        Dispositions = Named<Disposition>(tally.Dispositions),
        Faults = Named<Fault>(tally.Faults),
        RepeatedResults = Math.Round((double)tally.RepeatedResults / Math.Max(1, tally.AllResults), 4),
        Races = Math.Round((double)tally.Races / Math.Max(1, tally.Commits), 4),
        Gaps = gaps,
        Broken = broken,
    };

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Options) + "\n");

    public void Print(TextWriter to)
    {
        to.WriteLine($"{Where}: {Workflows} workflows in {Worlds} worlds from seed {FirstSeed}, {Seconds} s, "
            + $"{WorkflowsPerSecondAndWorker} workflows per second on each of {Workers} workers");
        to.WriteLine($"  {Events} events, {Commits} commits, {RepeatedResults:P2} of the results repeats, {Races:P2} of the commits races");
        PrintRow(to, "workflow ends", WorkflowEnds);
        PrintRow(to, "attempt closings", AttemptClosings);
        PrintRow(to, "timeouts", Timeouts);
        PrintRow(to, "dispositions", Dispositions);
        PrintRow(to, "faults", Faults);
        foreach (var gap in Gaps)
        {
            to.WriteLine($"  NEVER MET: {gap}");
        }
    }

    private static void PrintRow(TextWriter to, string name, IReadOnlyDictionary<string, long> values)
    {
        const int PerLine = 6;
        var lines = values.Where(x => x.Value > 0).Select(x => $"{x.Key} {x.Value}").Chunk(PerLine).ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            to.WriteLine($"  {(i == 0 ? name : ""),-17} {string.Join(", ", lines[i])}");
        }
    }

    private static Dictionary<string, long> Named<T>(long[] counts)
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(x => x.ToString(), x => counts[Convert.ToInt32(x, System.Globalization.CultureInfo.InvariantCulture)]);
}
