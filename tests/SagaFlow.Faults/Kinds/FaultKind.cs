namespace SagaFlow.Faults.Kinds;

/// <summary>What a fault is done to. One fault at a time in each lane, and the lanes beside each other.</summary>
internal enum Lane
{
    FirstEngine,
    SecondEngine,
    Services,
    Broker,
    Database,
}

/// <summary>One way in which things break.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Lane">What it is done to.</param>
/// <param name="InjectAsync">Breaks it, mends it, and gives the proof that it was broken; null when nothing proves it.</param>
internal sealed record FaultKind(string Name, Lane Lane, Func<Deployment, Random, Task<string?>> InjectAsync)
{
    public static IReadOnlyList<FaultKind> All { get; } =
        [.. EngineFaults.All, .. ServiceFaults.All, .. BrokerFaults.All, .. DatabaseFaults.All];

    /// <summary>What it breaks beside its own lane, or needs whole: no other fault is done to that meanwhile.</summary>
    public IReadOnlyList<Lane> Also { get; init; } = [];

    /// <summary>All that it touches, in the order in which it is claimed.</summary>
    public IEnumerable<Lane> Touches => Also.Append(Lane).Order();
}
