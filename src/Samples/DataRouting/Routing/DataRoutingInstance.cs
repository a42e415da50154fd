using SagaFlow;

namespace DataRouting.Routing;

/// <summary>What is known of one packet on its way.</summary>
public sealed class DataRoutingInstance : WorkflowInstance
{
    private const int MostProviders = 4;

    public Packet Packet { get; set; } = null!;

    public int GetRouteMaximumAttempts { get; set; }

    public string? CurrentProvider { get; set; }

    public List<string> FailedProviders { get; set; } = [];

    public bool MayTryAnother => FailedProviders.Count < MostProviders;

    public void Begin(RoutePacket message)
    {
        Packet = message.Packet;
        GetRouteMaximumAttempts = message.GetRouteMaximumAttempts;
    }

    public void Use(Route route) => CurrentProvider = route.Provider;

    public void GiveUpProvider()
    {
        FailedProviders.Add(CurrentProvider!);
        CurrentProvider = null;
    }

    public RoutingResult Delivered() => new("delivered", CurrentProvider, FailedProviders);

    public RoutingResult Undelivered() => new("undelivered", null, FailedProviders);
}
