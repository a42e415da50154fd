using SagaFlow.Client.Bus;

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

    /// <summary>How long a delivery to a workflow's queue is tried again on a broker before it is given back; in memory nothing would bring it
    /// again, and it is tried without an end. A test that must see the exception sets zero.</summary>
    public TimeSpan DeliveryHold { get; init; } = RawFilter.LongestHold;
}
