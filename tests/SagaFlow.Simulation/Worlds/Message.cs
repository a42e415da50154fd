using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Worlds;

internal enum MessageKind
{
    Start,
    Answer,
    Ring,
    TimerRing,
    WorkflowRing,
    Join,
    Signal,
    CancelWorkflow,

    // To the workers.
    Request,
    CancelPush,
}

/// <summary>A message of the simulated broker. It never changes: copies share it.</summary>
internal sealed record Message(MessageKind Kind, WorkflowRow Workflow)
{
    /// <summary>The message's id; the same for all its copies.</summary>
    public long Id { get; init; }

    /// <summary>What a start or a signal says: another content under the same id is another message.</summary>
    public int Content { get; init; }

    public int Activity { get; init; }
    public int Attempt { get; init; }

    // An answer.
    public AnswerKind Answer { get; init; }
    public ActivityFailure? Failure { get; init; }
    public string? Result { get; init; }
    public string? Checkpoint { get; init; }
    public string Hash { get; init; } = "";
    public long RunningFor { get; init; }
    public long? Sequence { get; init; }
    public bool IsTooLarge { get; init; }

    /// <summary>A real task token, which the real verifier reads; <see langword="null"/> when this workflow's tokens are only named.</summary>
    public string? Token { get; init; }

    // A ring, of an activity, a timer or a group.
    public DeadlineKind RingKind { get; init; }
    public int Version { get; init; }
    public int Number { get; init; }

    /// <summary>In which life of the process it was sent: a broker in memory forgets with it.</summary>
    public int Life { get; init; }

    public bool IsToEngine => Kind < MessageKind.Request;

    /// <summary>Whether its sender waits for a receipt, and sends it again when none comes.</summary>
    public bool IsClients => Kind is MessageKind.Start or MessageKind.Signal or MessageKind.CancelWorkflow;

    public override string ToString() => Kind switch
    {
        MessageKind.Answer => $"{Answer} of activity {Activity} attempt {Attempt}",
        MessageKind.Ring => $"ring {RingKind} of activity {Activity} attempt {Attempt} version {Version}",
        MessageKind.Request or MessageKind.CancelPush => $"{Kind} of activity {Activity} attempt {Attempt}",
        MessageKind.TimerRing or MessageKind.Join => $"{Kind} {Number}",
        MessageKind.Signal => $"signal {Id}/{Content}",
        _ => Kind.ToString(),
    };
}
