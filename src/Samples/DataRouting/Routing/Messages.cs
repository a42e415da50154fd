namespace DataRouting.Routing;

/// <summary>What is to be delivered.</summary>
public sealed record Packet(string Id, string Payload);

/// <summary>Starts a workflow: one for each packet id.</summary>
public sealed record RoutePacket(Packet Packet, int GetRouteMaximumAttempts = 3);

/// <summary>Asks for the next provider that has not failed yet.</summary>
public sealed record GetRouteArguments(string PacketId, IReadOnlyList<string> FailedProviders);

/// <summary>The provider to use.</summary>
public sealed record Route(string Provider);

/// <summary>Asks to hand the packet to a provider and to wait for its acknowledgement.</summary>
public sealed record TransmitArguments(Packet Packet, string Provider);

/// <summary>The provider's acknowledgement.</summary>
public sealed record TransmitReceipt(bool Delivered);

/// <summary>Published when a provider did not acknowledge in time, or could not be reached.</summary>
public sealed record ProviderFailed(string PacketId, string Provider, string Reason);

/// <summary>How a packet ended that did not fail.</summary>
public sealed record RoutingResult(string Status, string? Provider, IReadOnlyList<string> FailedProviders);
