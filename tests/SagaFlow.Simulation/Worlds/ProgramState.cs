using SagaFlow.Simulation.Oracle;

namespace SagaFlow.Simulation.Worlds;

/// <summary>What a workflow waits for.</summary>
internal enum Waiting
{
    Nothing,
    Activity,
    Race,
    Group,
    Signal,
    Timer,
}

/// <summary>The document of a simulated workflow: where it stands in its definition. Immutable, so that a turn that loses leaves no trace.</summary>
internal sealed record ProgramState
{
    public static readonly ProgramState Absent = new();

    public WorkflowStanding Standing { get; init; }
    public int StartContent { get; init; }
    public int Step { get; init; }
    public int Round { get; init; }
    public Waiting Waiting { get; init; }

    /// <summary>The activity that is waited for, or the first of a race.</summary>
    public int Pending { get; init; }

    /// <summary>How many of a race have ended without a result.</summary>
    public int Lost { get; init; }

    /// <summary>The group or the timer that is waited for.</summary>
    public int Number { get; init; } = -1;

    public int Activities { get; init; }
    public int Timers { get; init; }
    public int Groups { get; init; }

    /// <summary>Signals that came before they were awaited.</summary>
    public IReadOnlyList<(long Id, int Content)> Kept { get; init; } = [];

    public bool IsRunning => Standing == WorkflowStanding.Running;
}
