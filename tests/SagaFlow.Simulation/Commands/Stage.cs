using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Databases;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Pipe;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Commands;

/// <summary>Where worlds are played: at the first level, or at the second one on one of the databases.</summary>
internal sealed class Stage : IDisposable
{
    private readonly IPipeDatabases? _databases;
    private readonly SqliteFiles _files = new();

    private Stage(int level, IPipeDatabases? databases)
    {
        Level = level;
        _databases = databases;
    }

    public int Level { get; }

    /// <summary>Whether the worlds are played on PostgreSQL.</summary>
    public bool IsOnPostgres => _databases is PostgresSchemas;

    public string Name => IsOnPostgres ? $"level {Level} on PostgreSQL" : $"level {Level}";

    /// <summary>How many workflows a world has.</summary>
    public int Size => Level == 1 ? 40 : 30;

    /// <param name="level">1 or 2.</param>
    /// <param name="postgres">A server for the second level; <see langword="null"/> for files.</param>
    public static Stage Of(int level, string? postgres = null) => new(level, (level, postgres) switch
    {
        (1, _) => null,
        (_, null) => new SqliteFiles(),
        _ => new PostgresSchemas(postgres),
    });

    /// <summary>Plays one world: the world that was, and the first rule that it broke.</summary>
    public (Violation? Broken, int Faults) Play(WorldPlan plan, Tally tally, EventHeap? heap = null, Action<string>? trace = null)
    {
        if (_databases is null)
        {
            var world = World.Run(plan, tally, heap ?? new EventHeap(), trace);
            return (world.Oracle.Broken, world.FaultsFired);
        }

        return (IsOnPostgres ? PlayTwiceAsync(plan, tally, trace) : PlayAsync(plan, tally, _databases, trace)).GetAwaiter().GetResult();
    }

    public void Dispose() => _databases?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    // The same world on both databases: each must tell the same of it, line by line.
    private async Task<(Violation? Broken, int Faults)> PlayTwiceAsync(WorldPlan plan, Tally tally, Action<string>? trace)
    {
        plan = plan with { IsPortable = true };
        var (told, expected) = (new List<string>(), new List<string>());
        var played = await PlayAsync(plan, tally, _databases!, line =>
        {
            Keep(told, line);
            trace?.Invoke(line);
        });
        if (played.Broken is null && await PlayAsync(plan, new Tally(), _files, line => Keep(expected, line)) is { Broken: null })
        {
            return (Compare(told, expected), played.Faults);
        }

        return played;
    }

    private static async Task<(Violation? Broken, int Faults)> PlayAsync(WorldPlan plan, Tally tally, IPipeDatabases databases, Action<string>? trace)
    {
        var world = await PipeWorld.RunAsync(plan, tally, databases, trace);
        return (world.Oracle.Broken, world.FaultsFired);
    }

    // Faults of the network happen on one of them only.
    private static void Keep(List<string> lines, string line)
    {
        if (!line.Contains(" fault ", StringComparison.Ordinal))
        {
            lines.Add(line);
        }
    }

    private static Violation? Compare(List<string> told, List<string> expected)
    {
        for (var i = 0; i < Math.Max(told.Count, expected.Count); i++)
        {
            var (one, other) = (told.ElementAtOrDefault(i), expected.ElementAtOrDefault(i));
            if (one != other)
            {
                return new Violation("S", $"PostgreSQL told '{one}' where SQLite told '{other}'", -1, 0);
            }
        }

        return null;
    }
}
