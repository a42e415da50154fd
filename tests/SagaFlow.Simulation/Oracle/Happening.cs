namespace SagaFlow.Simulation.Oracle;

/// <summary>What can happen to an activity.</summary>
internal enum HappeningKind
{
    Scheduled,
    Started,
    Heartbeat,
    Completed,
    Failed,
    CancelAcknowledged,
    Released,
    Ring,
    CancelRequest,
    WorkflowEnded,
    Blackout,
}

/// <summary>One thing that happened to an activity: the sender's words, not what became of them.</summary>
internal readonly record struct Happening(HappeningKind Kind)
{
    /// <summary>The attempt that the token names; 0 for the activity as a whole.</summary>
    public int Attempt { get; init; }

    /// <summary>What the answer says, as a hash.</summary>
    public string? Hash { get; init; }

    public string? Result { get; init; }
    public string? Checkpoint { get; init; }
    public long RunningFor { get; init; }
    public long? Sequence { get; init; }
    public string? FailureType { get; init; }
    public bool Retryable { get; init; }

    /// <summary>The wait that the failure asks for; <see langword="null"/> to follow the policy.</summary>
    public long? ChosenDelay { get; init; }

    public DueKind RingKind { get; init; }
    public int RingVersion { get; init; }

    /// <summary>Of a cancellation: whether a started attempt is waited for.</summary>
    public bool Waits { get; init; }

    /// <summary>Of a cancellation: whether the holder of the token is told.</summary>
    public bool Tells { get; init; }

    /// <summary>Of a workflow's end: whether it was canceled.</summary>
    public bool WorkflowCanceled { get; init; }

    public override string ToString() => Kind switch
    {
        HappeningKind.Ring => $"{Kind} {RingKind} of attempt {Attempt}, version {RingVersion}",
        HappeningKind.Blackout => $"{Kind} {Since} to {Until}",
        HappeningKind.Heartbeat => $"{Kind} {Sequence} of attempt {Attempt}",
        HappeningKind.Failed => $"{Kind} ({FailureType}) of attempt {Attempt}",
        _ => $"{Kind} of attempt {Attempt}",
    };

    public long Since { get; init; }
    public long Until { get; init; }
    public long Grace { get; init; }
}
