using SagaFlow.Activities;
using SagaFlow.Simulation.Oracle;

namespace SagaFlow.Simulation.Workload;

/// <summary>What one step of a workflow does before the next one begins.</summary>
internal enum StepKind
{
    /// <summary>One activity.</summary>
    Activity,

    /// <summary>Several members of one group, joined.</summary>
    Parallel,

    /// <summary>Several activities, of which the first result counts.</summary>
    Race,

    /// <summary>A signal from outside.</summary>
    Signal,

    /// <summary>A while.</summary>
    Timer,

    /// <summary>One activity that is asked to stop after a while.</summary>
    CancelAfter,
}

/// <summary>An activity's policy: for the engine and, translated, for the oracle.</summary>
internal sealed record PolicyPair(ActivityPolicy Policy, Terms Terms);

/// <summary>One step of a workflow.</summary>
internal sealed record StepSpec(StepKind Kind)
{
    public PolicyPair Policy { get; init; } = null!;

    /// <summary>How often the step is done: the body of a loop.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>How many activities run at once.</summary>
    public int Count { get; init; } = 1;

    /// <summary>So many results are enough for a group.</summary>
    public int Needed { get; init; } = 1;

    /// <summary>One failure more than so many is too much for a group.</summary>
    public int FailuresAllowed { get; init; }

    /// <summary>How long a timer runs.</summary>
    public long Delay { get; init; }

    public CancellationMode Mode { get; init; }

    /// <summary>Whether the workflow goes on when the step fails.</summary>
    public bool GoesOn { get; init; }
}

/// <summary>One workflow's definition, drawn from the grammar: steps one after another.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="Timeout">The workflow's own timeout in ticks; -1 for none.</param>
internal sealed record Definition(IReadOnlyList<StepSpec> Steps, long Timeout);
