using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Pipe;

/// <summary>One workflow of a piped world, and what the world remembers of it.</summary>
internal sealed class Program(int index, string key, Rng rng, Definition definition)
{
    private readonly List<ActivityState> _activities = [];
    private readonly Dictionary<string, long> _touched = new(StringComparer.Ordinal);

    public int Index => index;
    public string Key => key;
    public Rng Rng => rng;
    public Definition Definition => definition;
    public Guid Id { get; } = WireIds.Workflow(Programs.Deployment, Programs.Type, key);
    public IReadOnlyList<ProgramStep> Steps { get; } = [.. definition.Steps.Select(ProgramStep.Of)];

    /// <summary>The groups' ids in the order in which they were made.</summary>
    public List<string> Groups { get; } = [];

    /// <summary>The numbers of kept signals, by the id under which the engine keeps them.</summary>
    public Dictionary<Guid, long> Signals { get; } = [];

    public uint Ties { get; set; }
    public int Names { get; set; }

    /// <summary>Each activity as it was scheduled.</summary>
    public IReadOnlyList<ActivityState> Activities => _activities;

    public int Add(ActivityState scheduled)
    {
        _activities.Add(scheduled);
        return _activities.Count - 1;
    }

    /// <summary>Notes a commit of an activity; whether another one came within the millisecond before.</summary>
    public bool Touch(string activityId, long now)
    {
        var isRace = _touched.TryGetValue(activityId, out var last) && now - last <= Spans.Millisecond;
        _touched[activityId] = now;
        return isRace;
    }

    public int IndexOf(string activityId) => _activities.FindIndex(x => x.Id == activityId);

    /// <summary>The step that the workflow stood in before the commit that is being read.</summary>
    public int Step { get; set; }

    /// <summary>How that step cancels its activity.</summary>
    public CancellationMode CancellationMode => Steps[Math.Min(Step, Steps.Count - 1)].Mode;
}

/// <summary>Draws the workflows of a piped world.</summary>
internal static class Programs
{
    public const string Type = "program";
    public const string Deployment = "sagaflow";

    private const int Policies = 6;

    public static IReadOnlyList<Program> Draw(WorldPlan plan, Rng world)
    {
        var policies = Enumerable.Range(0, Policies).Select(_ => DrawPolicy(plan, world)).ToList();
        return
        [
            .. Enumerable.Range(0, plan.Workflows).Select(i =>
            {
                var rng = new Rng(Rng.Mix(plan.Seed, (ulong)i + 1));
                return new Program(i, $"program-{i}", rng, plan.Whole(Grammar.Draw(rng, policies, plan.MaximumSteps)));
            }),
        ];
    }

    // The real validator says which policies an author may write.
    private static PolicyPair DrawPolicy(WorldPlan plan, Rng rng)
    {
        while (true)
        {
            var pair = plan.Whole(PolicyGenerator.Draw(rng));
            var options = new ActivityOptions();
            ProgramPolicy.Of(pair.Policy).WriteTo(options);
            try
            {
                ActivityOptionsValidator.Validate("Work", options);
                return pair;
            }
            catch (ActivityOptionsException)
            {
                // Nobody could schedule such an activity.
            }
        }
    }
}
