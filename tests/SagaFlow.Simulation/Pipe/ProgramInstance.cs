namespace SagaFlow.Simulation.Pipe;

/// <summary>Where a program stands in its steps.</summary>
public sealed class ProgramInstance : WorkflowInstance
{
    public IReadOnlyList<ProgramStep> Steps { get; set; } = [];

    public int Step { get; set; }

    public int Round { get; set; }

    public Guid? NapToken { get; set; }

    internal bool IsOver => Step >= Steps.Count;

    internal ProgramStep Current => Steps[Step];

    internal void Next() => (Step, Round) = Round + 1 < Current.Rounds ? (Step, Round + 1) : (Step + 1, 0);
}
