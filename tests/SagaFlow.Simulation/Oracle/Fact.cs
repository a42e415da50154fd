namespace SagaFlow.Simulation.Oracle;

/// <summary>What the engine wrote down or sent because of one thing that happened to an activity.</summary>
internal enum FactKind
{
    AttemptRequested,
    AttemptStarted,
    AttemptClosed,
    HeartbeatTaken,
    LateResultTaken,
    CancelPushed,
    CancelAsked,
    DeadlineMoved,
    Ended,
    EndedWithWorkflow,
}

/// <summary>One line of an activity's story.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Attempt">About which attempt; 0 for the activity as a whole.</param>
/// <param name="How">Of a closing or an end: how, as the number of <see cref="Closing"/> or <see cref="Standing"/>.</param>
/// <param name="At">Of a start its instant; of a closing the instant of the next attempt, -1 for none.</param>
internal readonly record struct Fact(FactKind Kind, int Attempt, int How = 0, long At = ActivityImage.Never)
{
    /// <summary>Whether the history of a workflow has a line for it: the closing that ends an activity is told by its end.</summary>
    public bool IsInHistory => Kind switch
    {
        FactKind.HeartbeatTaken or FactKind.CancelPushed => false,
        FactKind.AttemptClosed => At != ActivityImage.Never,
        _ => true,
    };

    public static Fact Requested(int attempt) => new(FactKind.AttemptRequested, attempt);

    public static Fact Started(int attempt, long at) => new(FactKind.AttemptStarted, attempt, 0, at);

    public static Fact Closed(int attempt, Closing how, long retryAt = ActivityImage.Never) =>
        new(FactKind.AttemptClosed, attempt, (int)how, retryAt);

    public static Fact Ended(Standing how) => new(FactKind.Ended, 0, (int)how);

    public override string ToString() => Kind switch
    {
        FactKind.AttemptClosed => $"{Kind} {Attempt} {(Closing)How} retry at {At}",
        FactKind.Ended => $"{Kind} {(Standing)How}",
        FactKind.AttemptStarted => $"{Kind} {Attempt} at {At}",
        _ => $"{Kind} {Attempt}",
    };
}
