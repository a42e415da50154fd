namespace SagaFlow.Hosting;

/// <summary>The bounds of everything that could grow without end.</summary>
internal sealed record EngineLimits
{
    /// <summary>How many messages one workflow keeps for a state that handles them.</summary>
    public int KeptMessages { get; init; } = 1_000;

    /// <summary>How many kept messages and ended activities one turn raises: more than can be kept, so that none is left behind.</summary>
    public int RaisesPerTurn { get; init; } = 2_000;

    /// <summary>How many activities one <c>ExecuteEach</c> asks for.</summary>
    public int FanOutMembers { get; init; } = 10_000;

    /// <summary>How many callers wait at once for the ends of workflows, over HTTP and over the bus together.</summary>
    public int WaitingCallers { get; init; } = 2_000;

    /// <summary>How often a delivery to a workflow's queue is tried again; without an end, because an infrastructure that is down
    /// is waited for. A test that must see the exception sets 0.</summary>
    public int DeliveryRetries { get; init; } = int.MaxValue;
}
