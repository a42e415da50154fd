namespace DataRouting.Packets;

/// <summary>One packet of the input file.</summary>
/// <param name="Id">Names it; unique in the file.</param>
/// <param name="Payload">What is to be delivered.</param>
/// <param name="GetRouteMaximumAttempts">How often a route is asked for; the workflow's input, so each packet has its own.</param>
public sealed record PacketLine(string Id, string Payload, int GetRouteMaximumAttempts);
