using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Pipe;

/// <summary>One step as it stands in the start message and in the workflow's document.</summary>
public sealed record ProgramStep
{
    public string Does { get; init; } = "";
    public int Rounds { get; init; }
    public int Count { get; init; }
    public int Needed { get; init; }
    public int FailuresAllowed { get; init; }
    public long DelayTicks { get; init; }
    public CancellationMode Mode { get; init; }
    public bool GoesOn { get; init; }
    public ProgramPolicy Policy { get; init; } = new();

    internal StepKind Kind => Enum.Parse<StepKind>(Does);

    internal static ProgramStep Of(StepSpec step) => new()
    {
        Does = step.Kind.ToString(),
        Rounds = step.Rounds,
        Count = step.Count,
        Needed = step.Needed,
        FailuresAllowed = step.FailuresAllowed,
        DelayTicks = step.Delay,
        Mode = step.Mode,
        GoesOn = step.GoesOn,
        Policy = ProgramPolicy.Of(step.Policy.Policy),
    };
}
