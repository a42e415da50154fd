using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>What one world is made of. Everything follows from the seed; the rest is what the shrinker leaves out.</summary>
internal sealed record WorldPlan(ulong Seed)
{
    /// <summary>How many workflows the world has.</summary>
    public int Workflows { get; init; } = 40;

    /// <summary>The workflows that are started at all; <see langword="null"/> for every one.</summary>
    public IReadOnlySet<int>? Only { get; init; }

    /// <summary>Kinds of fault that never happen.</summary>
    public IReadOnlySet<Fault> Without { get; init; } = new HashSet<Fault>();

    /// <summary>Single faults that do not happen: the n-th that fired, from 1.</summary>
    public IReadOnlySet<int> Spared { get; init; } = new HashSet<int>();

    public int MaximumSteps { get; init; } = int.MaxValue;

    /// <summary>A bug of the simulated shell that is switched on; none in a sound run.</summary>
    public ModelBug Bug { get; init; }

    /// <summary>Whether the world is the same on every database: made of whole microseconds, and what is due at once rings in the order of its names.</summary>
    public bool IsPortable { get; init; }

    /// <summary>The shortest time between two instants, in ticks.</summary>
    public long Grain => IsPortable ? TimeSpan.TicksPerMicrosecond : 1;

    /// <summary>The first instant of this world that is not before another one.</summary>
    public long Whole(long at) => at is < 0 or long.MaxValue ? at : (at + Grain - 1) / Grain * Grain;
}

/// <summary>Which faults are active in a world, and how likely each is.</summary>
internal sealed class FaultPlan
{
    private const double ActiveShare = 0.35;

    private readonly double[] _probabilities = new double[Enum.GetValues<Fault>().Length];
    private readonly WorldPlan _plan;
    private int _fired;

    public FaultPlan(WorldPlan plan, Rng rng)
    {
        _plan = plan;
        for (var i = 0; i < _probabilities.Length; i++)
        {
            var probability = rng.LogUniform(5, 250) / 1000.0;
            _probabilities[i] = rng.Chance(ActiveShare) ? probability : 0;
        }

        // Every world has repeats: they are what a message bus is.
        _probabilities[(int)Fault.Duplicate] = Math.Max(_probabilities[(int)Fault.Duplicate], 0.03);

        // Few workflows await a signal at all.
        _probabilities[(int)Fault.SignalFlood] = Math.Max(_probabilities[(int)Fault.SignalFlood], 0.03);
    }

    public int Fired => _fired;

    public double this[Fault fault] => _probabilities[(int)fault];

    /// <summary>Whether a fault that the dice chose really happens: the shrinker may have spared it.</summary>
    public bool Happens(Fault fault) => !_plan.Without.Contains(fault) && !_plan.Spared.Contains(++_fired);
}
