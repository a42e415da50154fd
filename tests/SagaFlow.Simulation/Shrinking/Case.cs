using System.Text.Json;
using System.Text.Json.Serialization;
using SagaFlow.Simulation.Commands;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Shrinking;

/// <summary>A world that broke a rule once, as it is kept in a file and played for ever.</summary>
internal sealed record Case
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public int Level { get; init; } = 1;

    /// <summary>Whether it was found on PostgreSQL.</summary>
    public bool IsOnPostgres { get; init; }
    public required ulong Seed { get; init; }
    public int Workflows { get; init; } = 40;

    /// <summary>The workflows that are started; <see langword="null"/> for every one.</summary>
    public IReadOnlyList<int>? Only { get; init; }

    /// <summary>Kinds of fault that are left out.</summary>
    public IReadOnlyList<Fault>? Without { get; init; }

    /// <summary>Single faults that are left out, by number.</summary>
    public IReadOnlyList<int>? Spared { get; init; }

    public int? MaximumSteps { get; init; }

    /// <summary>The bug of the simulated shell with which it was found; none when it was the engine's own.</summary>
    public ModelBug? Bug { get; init; }

    /// <summary>Which rule was broken, and what was wrong.</summary>
    public required string Invariant { get; init; }
    public required string Found { get; init; }

    public static Case Of(WorldPlan plan, Stage stage, string invariant, string found) => new()
    {
        Level = stage.Level,
        IsOnPostgres = stage.IsOnPostgres,
        Seed = plan.Seed,
        Workflows = plan.Workflows,
        Only = plan.Only is null ? null : [.. plan.Only.Order()],
        Without = plan.Without.Count == 0 ? null : [.. plan.Without.Order()],
        Spared = plan.Spared.Count == 0 ? null : [.. plan.Spared.Order()],
        MaximumSteps = plan.MaximumSteps == int.MaxValue ? null : plan.MaximumSteps,
        Bug = plan.Bug == ModelBug.None ? null : plan.Bug,
        Invariant = invariant,
        Found = found,
    };

    public static Case Read(string file) =>
        JsonSerializer.Deserialize<Case>(File.ReadAllText(file), Options) ?? throw new InvalidDataException($"'{file}' holds no case.");

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Options) + "\n");

    public WorldPlan ToPlan() => new(Seed)
    {
        Workflows = Workflows,
        Only = Only?.ToHashSet(),
        Without = (Without ?? []).ToHashSet(),
        Spared = (Spared ?? []).ToHashSet(),
        MaximumSteps = MaximumSteps ?? int.MaxValue,
        Bug = Bug ?? ModelBug.None,
    };
}
